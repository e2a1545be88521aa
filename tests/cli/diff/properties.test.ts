import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { compare } from "../../../cli/diff/compare.ts";
import { markdown } from "../../../cli/diff/markdown.ts";
import type { Files } from "../../../cli/diff/snapshot.ts";
import { text } from "../../../cli/diff/text.ts";
import { secretSettings } from "../../../settings.ts";
import {
  committed,
  edited,
  edits,
  put,
  report,
  said,
  withDashboard,
  withDatasources,
  withTempo,
} from "./trees.ts";
import type { Edit } from "./trees.ts";

/** One environment is enough here. */
const dev = ["dev"];
const base: Files = new Map([...committed].filter(([path]) => /^rendered\/dev|^Pulumi/.test(path)));

const printed = (base: Files, head: Files): string => {
  const made = report(base, head);
  return [JSON.stringify(made), markdown(made), text(made, process.stdout)].join("\n");
};

const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, 1, "", "a", "b"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(
      fc.record(
        { name: fc.constantFrom("x", "y", "1", "2"), value: tie("value") },
        { noNullPrototype: true },
      ),
      { maxLength: 4 },
    ),
    fc.dictionary(fc.constantFrom("name", "a", "b.c", "1"), tie("value"), { noNullPrototype: true }),
  ),
})).value;

/** Every way from the root to a value that holds no other. */
function leaves(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== "object" || value === null) return [path.join(".")];
  return Object.entries(value).flatMap(([key, member]) =>
    key.includes(".") ? [] : leaves(member, [...path, key]),
  );
}

function collected(apply: (files: Files, edit: Edit) => Files): string[] {
  let paths: string[] = [];
  apply(base, (root) => (paths = leaves(root)));
  return paths;
}

describe("diff", () => {
  it("finds nothing in two equal trees, whatever the order of their keys and files", () => {
    const turned = new Map([...committed].reverse());
    assert.deepEqual(report(committed, turned).changes, []);
    assert.equal(text(report(committed, turned), process.stdout), "No change.");
  });

  it("finds something in two values exactly when they differ", () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        assert.deepEqual(compare(a, a), []);
        assert.equal(compare(a, b).length === 0, isDeepStrictEqual(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  const places: readonly [name: string, apply: (files: Files, edit: Edit) => Files][] = [
    ["the dashboard", (files, edit) => withDashboard(files, edit, dev)],
    ["the data sources", (files, edit) => withDatasources(files, edit, dev)],
    ["Tempo's configuration", (files, edit) => withTempo(files, edit, undefined, dev)],
    ["the StatefulSet", (files, edit) => edited(files, /statefulset-tempo/, edit, dev)],
    ["a NetworkPolicy", (files, edit) => edited(files, /networkpolicy-tempo/, edit, dev)],
  ];
  for (const [name, apply] of places) {
    it(`misses no value that changes in ${name}`, () => {
      const paths = collected(apply);
      const before = apply(base, () => undefined);
      fc.assert(
        fc.property(fc.constantFrom(...paths), (path) => {
          assert.notDeepEqual(said(before, apply(before, put(path, "changed"))), []);
        }),
        { numRuns: 40 },
      );
    });
  }

  it("never shows a secret, wherever one may stand", () => {
    const canary = fc
      .string({ unit: fc.constantFrom(..."abcXYZ0189%&'()*+!~"), minLength: 12, maxLength: 30 })
      .map((text) => `kanari${text.replaceAll("%", "")}`);
    const secretKey = Object.keys(secretSettings)[0]!;
    const places: ((secret: string) => (files: Files) => Files)[] = [
      (secret) => (files) =>
        withDatasources(
          files,
          edits(
            put("datasources.2.secureJsonData.basicAuthPassword", secret),
            put("datasources.2.secureJsonData.deep", { list: [secret] }),
            put("datasources.1.url", `https://user:${secret}@prometheus/?token=${secret}`),
            put("datasources.0.password", secret),
            put("datasources.3", { name: "New", uid: "new", secureJsonData: { token: secret } }),
          ),
          dev,
        ),
      (secret) => (files) =>
        edited(
          files,
          /secret-/,
          edits(
            put("stringData", { "llm-tracing-datasources.yaml": `{ ${secret}`, other: secret }),
            put("data", { more: secret }),
          ),
          dev,
        ),
      (secret) => (files) =>
        edited(
          files,
          /statefulset-tempo/,
          edits(
            put("spec.template.spec.containers.0.env.0", { name: "DB_PASSWORD", value: secret }),
            put("spec.template.spec.initContainers", [
              { name: "one", env: [{ name: "DB_PASSWORD", value: secret }] },
            ]),
            put("spec.template.spec.containers.0.env.1", { name: "S3_SECRET_KEY", value: secret }),
          ),
          dev,
        ),
      (secret) => (files) =>
        withTempo(
          files,
          edits(
            put("storage.trace.s3", { secret_key: secret, bucket: "b" }),
            put("storage.trace.local", { headers: { Authorization: `Bearer ${secret}` } }),
          ),
          undefined,
          dev,
        ),
      (secret) => (files) =>
        new Map(files).set(
          "Pulumi.dev.yaml",
          `encryptionsalt: ${JSON.stringify(secret)}\nconfig: { "llm-tracing:other": { secure: ${JSON.stringify(secret)} } }\n`,
        ),
      (secret) => (files) =>
        new Map(files).set(
          "Pulumi.dev.yaml",
          `config: { "llm-tracing:${secretKey}": ${JSON.stringify(secret)} }\n`,
        ),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), canary, canary, (place, one, other) => {
        const [a, b] = [place(one)(base), place(other)(base)];
        for (const output of [printed(base, a), printed(a, base), printed(a, b)]) {
          assert.ok(output.includes("(secret)"));
          assert.ok(
            !output.includes("kanari"),
            output.slice(Math.max(0, output.indexOf("kanari") - 300)).slice(0, 600),
          );
        }
      }),
      { numRuns: 25 },
    );
  });
});
