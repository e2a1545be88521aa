import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { commentLimit, markdown, marker } from "../../../cli/diff/markdown.ts";
import type { Change, Report } from "../../../cli/diff/report.ts";
import { text } from "../../../cli/diff/text.ts";

const change = (more: Partial<Change> = {}): Change => ({
  environments: ["dev"],
  section: "objects",
  action: "changed",
  subject: "Service a/b",
  fields: ["spec.type"],
  old: "one",
  new: "two",
  costs: ["in place"],
  ...more,
});

const report = (...changes: Change[]): Report => ({
  schema: 1,
  base: "main",
  head: "the working tree",
  environments: ["dev"],
  counts: {},
  changes,
});

/** A pipe, or a terminal of that width. */
const stream = (columns?: number) =>
  Object.assign(new PassThrough(), {
    isTTY: columns !== undefined,
    columns,
    getColorDepth: () => 8,
    hasColors: () => true,
  }) as unknown as NodeJS.WriteStream;

const nasty = fc.string({
  unit: fc.constantFrom(
    ..."`<>|*_[]()#@-!\n\r\t \\&;~\u001b\u202ea",
    "```",
    "</details>",
    "-->",
    "@team",
    "<!--",
  ),
  maxLength: 120,
});

describe("the comment", () => {
  it("is one that a workflow can find again, also when nothing changes", () => {
    assert.equal(markdown(report()), `${marker}\n### No change\n`);
    assert.ok(markdown(report(change())).startsWith(`${marker}\n`));
  });

  it("leaves out the cheapest changes when it is too long, says how many, and closes what it opened", () => {
    const cheap = Array.from({ length: 200 }, (_, index) =>
      change({ fields: [`a${index}`], new: "x".repeat(900) }),
    );
    const grave = change({
      section: "dashboards",
      subject: "grave",
      costs: ["data at risk"],
      note: "Gone.",
      new: "y".repeat(3_000),
    });
    const comment = markdown(report(...cheap, grave));
    assert.ok(comment.length <= commentLimit, String(comment.length));
    assert.ok(comment.length > commentLimit * 0.9, String(comment.length));
    assert.ok(comment.includes("- `grave` `spec.type` — **data at risk**. Gone."));
    const shown = comment.match(/^- /gm)!.length;
    assert.match(
      comment,
      new RegExp(`\\n${201 - shown} changes are left out here\\. \`npm run diff\` shows all\\.\\n$`),
    );
    assert.ok(comment.includes(`<summary>Kubernetes objects (${shown - 1} of 200)</summary>`));
    assert.equal(comment.match(/^<details>$/gm)?.length, comment.match(/^<\/details>$/gm)?.length);
  });

  it("cuts a value that is too long by itself, and says by how much", () => {
    const comment = markdown(report(change({ new: "x".repeat(100_000), old: "y\n".repeat(50_000) })));
    assert.ok(comment.length < 10_000);
    assert.match(comment, /x{4000}… 96000 more characters\n/);
    assert.match(comment, /… 49900 more lines\n/);
  });

  it("is below GitHub's limit, and has nothing from a file outside code, whatever files hold", () => {
    const changes = fc.record({
      subject: nasty,
      fields: fc.array(nasty, { maxLength: 3 }),
      old: fc.oneof(nasty, fc.array(nasty), fc.dictionary(nasty, nasty)),
      new: nasty,
      environments: fc.array(nasty, { minLength: 1, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 20 }), (some) => {
        const comment = markdown(report(...some.map(change)));
        assert.ok(comment.length <= commentLimit);
        const outside = withoutCode(comment).split("\n");
        const ours =
          /^(|<!-- llm-tracing-diff -->|### \d+ changes?|<\/?details>|<summary>Kubernetes objects \(\d+\)<\/summary>|\*\*C\*\*|- (C[ ,]*)*(: C( → C)?)? — in place)$/;
        for (const line of outside) assert.match(line.trimEnd(), ours, comment);
      }),
      { numRuns: 500 },
    );
  });
});

/** Fenced blocks taken away, and a C for each code span, as CommonMark reads them. */
function withoutCode(comment: string): string {
  return comment
    .replace(/^ {2}```diff\n(?: {2}[-+] .*\n)* {2}```$/gm, "")
    .replace(/(?<!`)(`+)(?!`)(?:(?!\n\n)[^])*?(?<!`)\1(?!`)/g, "C");
}

describe("the text", () => {
  it("is two words when nothing changes", () => {
    assert.equal(text(report(), stream()), "No change.");
  });

  it("says what changes, what it costs, and why", () => {
    const changes = report(
      change({
        environments: ["dev", "prod"],
        costs: ["data at risk", "Tempo restarts"],
        note: "Traces go.",
      }),
      change({ section: "settings", subject: "Settings", fields: ["tempo.line"], costs: [] }),
    );
    assert.equal(
      text({ ...changes, counts: { dev: { "data at risk": 1 }, prod: { "data at risk": 1 } } }, stream()),
      [
        "1 change from main to the working tree",
        "  dev, prod  1 with data at risk",
        "",
        "Kubernetes objects",
        "  dev, prod",
        "    changed  Service a/b: spec.type                                     data at risk, Tempo restarts",
        "             one → two",
        "             Traces go.",
        "",
        "Settings",
        "  dev",
        "    changed  tempo.line",
        "             one → two",
      ].join("\n"),
    );
  });

  for (const columns of [undefined, 100, 80, 60, 300]) {
    it(`is never wider than ${Math.min(columns ?? 100, 100)} columns on ${columns ? `a terminal of ${columns}` : "a pipe"}`, () => {
      const words = fc.array(fc.oneof(fc.stringMatching(/^[a-z{}=",]{1,150}$/), fc.constant("ab")), {
        minLength: 1,
      });
      fc.assert(
        fc.property(words, words, words, (subject, field, value) => {
          const changes = report(change({ subject: subject.join(" "), fields: field, new: value.join(" ") }));
          const lines = stripVTControlCharacters(text(changes, stream(columns))).split("\n");
          for (const line of lines) assert.ok(line.length <= Math.min(columns ?? 100, 100), line);
        }),
      );
    });
  }

  it("has colours on a terminal alone", () => {
    const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS } = process.env;
    for (const name of ["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS"]) delete process.env[name];
    try {
      assert.notEqual(text(report(change()), stream(100)), text(report(change()), stream()));
      assert.ok(!text(report(change()), stream()).includes("\u001b"));
    } finally {
      Object.assign(
        process.env,
        JSON.parse(JSON.stringify({ NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS })) as NodeJS.ProcessEnv,
      );
    }
  });

  it("shows what would move the cursor or turn the text around as what it is", () => {
    const made = text(report(change({ subject: "a\u001b[2Jb", new: "x\u202ey\rz" })), stream());
    assert.ok(made.includes("a\\u{1b}[2Jb"));
    assert.ok(made.includes("x\\u{202e}y\\u{d}z"));
  });

  it("shows of lists and texts only what differs", () => {
    const lists = text(report(change({ old: [1, 2, 3], new: [1, 3, 4] })), stream());
    assert.ok(lists.endsWith("- 2\n             + 4"), lists);
    const texts = text(report(change({ old: "a\nb\nc", new: "a\nB\nc" })), stream());
    assert.ok(texts.endsWith("b → B"), texts);
  });
});
