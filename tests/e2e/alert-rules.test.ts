import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Rule, RuleGroup } from "../../alerts/groups.ts";
import { projectFolder } from "../../engine/stack-files.ts";
import { startGuard } from "../../processes/guard.ts";
import { promtoolOrSkip } from "../contract/promtool.ts";
import { distributedProduct } from "../contract/distributed.ts";
import type { AlertCase, Told } from "../alerts/case.ts";
import { chatCases } from "../alerts/chat-cases.ts";
import { collectorCases } from "../alerts/collector-cases.ts";
import { recordingCases } from "../alerts/recording-cases.ts";
import { roleCases, sameOfRoles } from "../alerts/role-cases.ts";
import { tracingCases } from "../alerts/tracing-cases.ts";
import { toolsOrSkip } from "./harness.ts";

type AlertRule = Extract<Rule, { alert: string }>;

const rendered = parse(readFileSync(join(projectFolder, "rendered/dev.rules.yaml"), "utf8")) as {
  groups: RuleGroup[];
};
const distributed = distributedProduct().rules;

const alertCases = [...chatCases, ...tracingCases, ...collectorCases];

const alertsOf = (groups: readonly RuleGroup[]): readonly AlertRule[] =>
  groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertRule => "alert" in rule);

/** Labels by which rules of one name are told apart: by window, by role, by zone. */
const which = ["long", "role", "zone"];

/** An alert by its name and those labels. */
const nameOf = ({ alert, labels }: Pick<AlertRule, "alert" | "labels">): string =>
  [alert, ...which.map((label) => labels[label])].filter(Boolean).join(" of ");

/** The alerts of which nothing, not even one of them, is tried in both ways: with series of which it fires, and of which it does not. */
function untried(rules: readonly AlertRule[], cases: readonly AlertCase[]): string[] {
  const fire = cases.flatMap(({ alert, at }) =>
    Object.values(at).flatMap((told) => told.map(({ labels = {} }) => nameOf({ alert, labels }))),
  );
  const quiet = cases
    .filter(({ at }) => Object.values(at).every((told) => told.length === 0))
    .map(({ alert }) => alert);
  const fires = (rule: AlertRule) =>
    // One role's rule is as another's.
    fire.some(
      (name) => name === nameOf(rule) || (rule.labels["role"] && name.startsWith(`${rule.alert} of `)),
    );
  return rules.filter((rule) => !fires(rule) || !quiet.includes(rule.alert)).map(nameOf);
}

describe("the alerts' rules", () => {
  let promtool: string;

  before(async function () {
    const guard = startGuard();
    try {
      await toolsOrSkip(this, guard, ["prometheus"]);
      promtool = await promtoolOrSkip(this);
    } finally {
      await guard.stop();
    }
  });

  it("each have series of which they fire, and series of which they do not", () => {
    assert.deepEqual(untried(alertsOf(rendered.groups), alertCases), []);
  });

  it("say nothing while there are no series at all, but that Tempo and the collector are down", () => {
    for (const groups of [rendered.groups, distributed]) {
      const names = new Set(alertsOf(groups).map(({ alert }) => alert));
      for (const down of ["TempoDown", "CollectorDown"]) names.delete(down);
      const alert_rule_test = [...names].map((alertname) => ({
        eval_time: "30m",
        alertname,
        exp_alerts: [],
      }));
      assert.equal(ask(groups, "30s", [{ interval: "30s", input_series: [], alert_rule_test }]), "");
    }
  });

  for (const each of alertCases) {
    it(`${each.alert}: ${each.what}`, () => tell(rendered.groups, each));
  }

  it("of a distributed Tempo each have such series, where they are not those of one process", () => {
    const same = new Set(alertsOf(rendered.groups).map(({ expr }) => expr));
    const others = alertsOf(distributed).filter(({ expr }) => !same.has(expr));
    assert.deepEqual(untried(others, [...roleCases, ...sameOfRoles(alertCases)]), []);
  });

  for (const each of [...roleCases, ...sameOfRoles(alertCases)]) {
    it(`of a distributed Tempo, ${each.alert}: ${each.what}`, () => tell(distributed, each));
  }

  for (const { what, series, values } of recordingCases) {
    it(`record ${what}`, () => {
      const promql_expr_test = Object.entries(values).map(([expr, value]) => ({
        expr,
        eval_time: "10m",
        exp_samples: value === undefined ? [] : [{ labels: expr, value }],
      }));
      assert.equal(
        ask(rendered.groups, "30s", [{ interval: "30s", input_series: inputOf(series), promql_expr_test }]),
        "",
      );
    });
  }

  const tell = (groups: readonly RuleGroup[], each: AlertCase) =>
    assert.equal(ask(groups, each.every ?? "30s", [alertTest(alertsOf(groups), each)]), "");

  /** What promtool finds wrong, where these rules are evaluated that often. */
  function ask(groups: readonly RuleGroup[], every: string, tests: readonly object[]): string {
    const folder = mkdtempSync(join(tmpdir(), "alerts-"));
    try {
      const file = join(folder, "tests.json");
      const rulesFile = join(folder, "rules.json");
      writeFileSync(rulesFile, JSON.stringify({ groups }));
      // Else the groups take turns by chance, and alerts may see what was recorded a turn before.
      const group_eval_order = groups.map(({ name }) => name);
      writeFileSync(
        file,
        JSON.stringify({ rule_files: [rulesFile], evaluation_interval: every, group_eval_order, tests }),
      );
      const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", file], { encoding: "utf8" });
      return status === 0 ? "" : `${stdout}${stderr}`;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

const alertTest = (
  rules: readonly AlertRule[],
  { alert, every = "30s", series, at }: Omit<AlertCase, "every"> & { every?: string },
) => ({
  interval: every,
  input_series: inputOf(series),
  alert_rule_test: Object.entries(at).map(([eval_time, told]) => ({
    eval_time,
    alertname: alert,
    exp_alerts: told.map((one) => expected(rules, alert, one)),
  })),
});

const inputOf = (series: Readonly<Record<string, string>>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** What Prometheus sends of an alert: its texts, with the rule's own labels and links. */
function expected(rules: readonly AlertRule[], alert: string, { labels = {}, summary, description }: Told) {
  const rule = rules.find(
    (each) => each.alert === alert && which.every((label) => each.labels[label] === labels[label]),
  )!;
  return {
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { ...rule.annotations, summary, description },
  };
}
