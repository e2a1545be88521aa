import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsFiles } from "../../cli/docs/settings.ts";
import { projectFolder } from "../../engine/stack-files.ts";
import { parseSettings } from "../../settings.ts";

describe("the files that follow from the settings' schema", () => {
  for (const [file, text] of settingsFiles()) {
    it(`${file} is current`, () => {
      const committed = readFileSync(join(projectFolder, file), "utf8");
      assert.ok(committed === text, `${file} is stale: settings/schema.ts has changed. Run make docs.`);
    });
  }
});

describe("docs/settings.md", () => {
  const rows = settingsFiles()
    .get("docs/settings.md")!
    .split("\n")
    .map((line) => line.split(" | "))
    .filter((cells) => cells.length === 4);
  const defaults = new Map(rows.map(([key, , value]) => [key!.replace(/^\| `|`/g, ""), value!]));

  it("shows the default of every setting that has one", () => {
    for (const [key, value] of valuesOf(parseSettings({ environment: "dev" }), "", defaults)) {
      const shown = defaults.get(key)!;
      assert.notEqual(shown, "–", key);
      if (typeof value === "string" && shown.startsWith("`")) assert.equal(shown, `\`${value}\``, key);
    }
  });

  it("has a default that depends on others, and what must be given, in their column", () => {
    assert.equal(defaults.get("prometheus.remoteWriteUrl"), "/api/v1/write of url");
    assert.equal(defaults.get("prometheus.namespace"), "that of url, if a Service's, else monitoring");
    assert.equal(defaults.get("tempo.storage.bucket (s3)"), "required: it is yours");
    assert.equal(defaults.get("prometheus.credentialsSecret.name"), "required");
    for (const [key, , value, meaning] of rows.filter(([, , value]) => !value!.startsWith("`"))) {
      assert.doesNotMatch(meaning!, /\b(No default|Default): /, `${key} ${value}`);
    }
  });
});

/** The settings that have a row of their own, with the values that the program takes for them. */
function valuesOf(value: unknown, key: string, known: ReadonlyMap<string, unknown>): [string, unknown][] {
  if (value === undefined) return [];
  if (known.has(key)) return [[key, value]];
  assert.ok(value !== null && typeof value === "object", `${key} is in no table`);
  const below = (name: string) => (key === "" ? name : `${key}.${name}`);
  return Object.entries(value).flatMap(([name, member]) => valuesOf(member, below(name), known));
}
