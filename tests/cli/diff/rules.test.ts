import assert from "node:assert/strict";
import { committed, edited, everywhere, report, said, type Edit } from "./trees.ts";

const all = everywhere.join();
const withRules = (edit: Edit) => edited(committed, /prometheusrule/, edit);

interface Rules {
  readonly spec: { readonly groups: { readonly name: string; rules: Record<string, unknown>[] }[] };
}

const rulesOf = (object: unknown, group: string) =>
  (object as Rules).spec.groups.find(({ name }) => name === `llm-tracing-${group}`)!.rules;
const ruleOf = (object: unknown, group: string, name: string) =>
  rulesOf(object, group).find(({ alert, record }) => alert === name || record === name)!;

describe("diff of rules", () => {
  const subject = "PrometheusRule tracing/llm-tracing-rules | spec.groups";
  const recorded = "environment:llm_streams_late:rate5m";
  const cases: readonly [what: string, edit: Edit, line: string, note: string | undefined][] = [
    [
      "names the alert",
      (object) => (ruleOf(object, "tracing", "TempoDown")["for"] = "600s"),
      `changed | ${subject}[llm-tracing-tracing].rules[TempoDown].for | "300s" → "600s" | in place`,
      undefined,
    ],
    [
      "names the window of one that has several",
      (object) => (rulesOf(object, "chats")[1]!["expr"] = rulesOf(object, "chats")[0]!["expr"] = "up"),
      `${subject}[llm-tracing-chats].rules[LLMErrorBudgetBurn over 6h].expr`,
      undefined,
    ],
    [
      "says that nobody is told any more of what loses its alert",
      (object) => rulesOf(object, "tracing").shift(),
      `removed | ${subject}[llm-tracing-tracing].rules[TempoDown]`,
      "Nobody is told of it any more.",
    ],
    [
      "says that the past of a recorded series stays",
      (object) => (ruleOf(object, "recordings", recorded)["expr"] = "up"),
      `${subject}[llm-tracing-recordings].rules[${recorded}].expr`,
      "What is recorded already stays as it was.",
    ],
    [
      "says that what asks a recorded series stays empty without it",
      (object) => rulesOf(object, "recordings").pop(),
      `removed | ${subject}[llm-tracing-recordings].rules[${recorded}]`,
      "Panels and alerts that ask it stay empty.",
    ],
  ];
  for (const [what, edit, line, note] of cases) {
    it(what, () => {
      const tree = withRules((object) => void edit(object));
      const changes = said(committed, tree);
      assert.ok(
        changes.some((change) => change.includes(line)),
        changes.join("\n"),
      );
      const notes = report(committed, tree).changes.map((change) => change.note);
      assert.deepEqual([...new Set(notes)], [note]);
    });
  }

  for (const [kind, note] of [
    ["prometheusrule", "Nobody is told any more when chats fail or Tempo loses spans."],
    ["servicemonitor-tempo", "Prometheus no longer scrapes Tempo: Tracing Health stays empty."],
  ] as const) {
    it(`says what it means that the ${kind} goes`, () => {
      const tree = new Map([...committed].filter(([path]) => !path.includes(kind)));
      const [change, ...others] = report(committed, tree).changes;
      assert.deepEqual(others, []);
      assert.equal(change!.environments.join(), all);
      assert.equal(change!.note, note);
    });
  }
});
