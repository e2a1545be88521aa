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
import { alertCases, recordingCases, type AlertCase, type Told } from "../alerts/cases.ts";
import { toolsOrSkip } from "./harness.ts";

type AlertRule = Extract<Rule, { alert: string }>;

const rulesFile = join(projectFolder, "rendered/dev.rules.yaml");
const { groups } = parse(readFileSync(rulesFile, "utf8")) as { groups: RuleGroup[] };
const alertRules = groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertRule => "alert" in rule);

/** An alert by its name and, of those with several windows, the long one. */
const nameOf = ({ alert, labels }: Pick<AlertRule, "alert" | "labels">): string =>
  [alert, labels["long"]].filter(Boolean).join(" over ");

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
    const fire = alertCases.flatMap(({ alert, at }) =>
      Object.values(at).flatMap((told) => told.map(({ labels = {} }) => nameOf({ alert, labels }))),
    );
    const quiet = alertCases
      .filter(({ at }) => Object.values(at).every((told) => told.length === 0))
      .map(({ alert }) => alert);
    assert.deepEqual(
      alertRules.filter((rule) => !fire.includes(nameOf(rule)) || !quiet.includes(rule.alert)).map(nameOf),
      [],
    );
  });

  it("say nothing while there are no series at all, but that Tempo and the collector are down", () => {
    const names = new Set(alertRules.map(({ alert }) => alert));
    for (const down of ["TempoDown", "CollectorDown"]) names.delete(down);
    const alert_rule_test = [...names].map((alertname) => ({ eval_time: "30m", alertname, exp_alerts: [] }));
    assert.equal(ask("30s", [{ interval: "30s", input_series: [], alert_rule_test }]), "");
  });

  for (const each of alertCases) {
    it(`${each.alert}: ${each.what}`, () => assert.equal(ask(each.every ?? "30s", [alertTest(each)]), ""));
  }

  for (const { what, series, values } of recordingCases) {
    it(`record ${what}`, () => {
      const promql_expr_test = Object.entries(values).map(([expr, value]) => ({
        expr,
        eval_time: "10m",
        exp_samples: value === undefined ? [] : [{ labels: expr, value }],
      }));
      assert.equal(ask("30s", [{ interval: "30s", input_series: inputOf(series), promql_expr_test }]), "");
    });
  }

  /** What promtool finds wrong, where the rules that are deployed are evaluated that often. */
  function ask(every: string, tests: readonly object[]): string {
    const folder = mkdtempSync(join(tmpdir(), "alerts-"));
    try {
      const file = join(folder, "tests.json");
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

const alertTest = ({ alert, every = "30s", series, at }: Omit<AlertCase, "every"> & { every?: string }) => ({
  interval: every,
  input_series: inputOf(series),
  alert_rule_test: Object.entries(at).map(([eval_time, told]) => ({
    eval_time,
    alertname: alert,
    exp_alerts: told.map((one) => expected(alert, one)),
  })),
});

const inputOf = (series: Readonly<Record<string, string>>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** What Prometheus sends of an alert: its texts, with the rule's own labels and links. */
function expected(alert: string, { labels = {}, summary, description }: Told) {
  const rule = alertRules.find((each) => each.alert === alert && each.labels["long"] === labels["long"])!;
  return {
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { ...rule.annotations, summary, description },
  };
}
