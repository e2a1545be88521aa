import assert from "node:assert/strict";
import { alerts, ruleGroups } from "../../alerts/groups.ts";
import type { Alert } from "../../alerts/alert.ts";
import { ruleOptions } from "../../assembly/wiring.ts";
import { parseSettings } from "../../settings.ts";
import { tempoRoles, type TempoRole } from "../../telemetry/tempo-roles.ts";
import { budgetOf, objectivesOf } from "../../telemetry/signals/objectives.ts";
import { childrenOf, nodesOf, wordOf } from "../contract/ast.ts";
import { parsePromql } from "../contract/promql-syntax.ts";
import { textOf } from "./blocks.ts";

/** Of a Tempo that is one process, and of one whose roles have two pods each. */
const one = ruleOptions(parseSettings({ environment: "any" }));
const options = {
  ...one,
  roles: Object.fromEntries(tempoRoles.map((role) => [role, 2])) as Record<TempoRole, number>,
};
const told = [
  ...alerts(one),
  ...alerts(options).filter(({ text }) => !alerts(one).some((each) => each.text === text)),
];
const names = [...new Set(told.map(({ name }) => name))];

/** What stands below each heading. */
const sections = new Map(
  textOf("docs/runbooks.md")
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.split("\n")[0]!, section]),
);

/** Numbers that a query is compared with. */
const thresholds = (text: string): number[] => {
  const { query } = parsePromql(text);
  return nodesOf(query)
    .filter(({ name, parent }) => name === "NumberDurationLiteral" && parent!.name === "BinaryExpr")
    .filter(({ parent }) => childrenOf(parent!).some((child) => /^([<>]=?|==)$/.test(wordOf(child, query))))
    .map((node) => Number(wordOf(node, query)));
};

const lengthOf = (seconds: number): string[] =>
  [["hour", seconds / 3600] as const, ["minute", seconds / 60] as const, ["s", seconds] as const].flatMap(
    ([unit, count]) => [`${count} ${unit}`, `${count} ${unit}s`],
  );

/** The ways in which a runbook may write a threshold: the number, a share, a length of time, or how fast a budget burns. */
const waysToWrite = (threshold: number, { labels }: Alert): string[] => {
  const budgets = objectivesOf(options).map((objective) => budgetOf(objective, options));
  const factors = labels ? budgets.map((budget) => threshold / budget) : [];
  return [
    `${threshold}`,
    // What is counted is whole: more than 2.5 are more than 2.
    `${Math.floor(threshold)}`,
    `${threshold * 100} %`,
    ...lengthOf(threshold),
    ...factors.map((factor) => `${Number(factor.toFixed(3))}`),
  ];
};

const has = (section: string, word: string): boolean =>
  new RegExp(`(?<![\\d.])${word.replace(/[.]/g, "\\.")}(?![\\d.]\\d|\\w)`).test(section);

describe("the runbooks", () => {
  it("are one heading for each alert, and no other", () =>
    assert.deepEqual([...sections.keys()].toSorted(), names.toSorted()));

  it("are where each alert leads: an anchor is its heading in lower case", () => {
    const groups = ruleGroups(options, { panel: () => "/d/x", runbooks: "docs/runbooks.md" });
    for (const rule of groups.flatMap(({ rules }) => rules))
      if ("alert" in rule) {
        const [page, anchor] = rule.annotations["runbook_url"]!.split("#");
        assert.equal(page, "docs/runbooks.md");
        assert.ok(
          [...sections.keys()].some((heading) => heading.toLowerCase() === anchor),
          rule.alert,
        );
      }
  });

  it("are all in the list on top", () => {
    const [top] = textOf("docs/runbooks.md").split(/^## /m);
    assert.deepEqual(
      [...top!.matchAll(/\[(\w+)\]\(#(\w+)\)/g)].map(([, name, anchor]) => [name, anchor]).toSorted(),
      names.map((name) => [name, name.toLowerCase()]).toSorted(),
    );
  });

  for (const [name, section] of sections)
    it(`${name}: says when it fires, what it means, where to look, what to do, and when it is false`, () => {
      const parts = [...section.matchAll(/^\*\*(Fires|For users|Look first|Do|False)\b/gm)];
      assert.deepEqual(
        parts.map(([, part]) => part),
        ["Fires", "For users", "Look first", "Do", "False"],
      );
    });

  for (const alert of told)
    it(`${[alert.name, ...Object.values(alert.labels ?? {})].join(" ")}: explains its thresholds, and how long it waits`, () => {
      const section = sections.get(alert.name)!;
      for (const threshold of thresholds(alert.text).filter((number) => number !== 0))
        assert.ok(
          waysToWrite(threshold, alert).some((word) => has(section, word)),
          `${threshold} in ${alert.text}`,
        );
      if (alert.forSeconds > 0)
        assert.ok(
          lengthOf(alert.forSeconds).some((word) => has(section, word)),
          `for ${alert.forSeconds} s`,
        );
    });
});
