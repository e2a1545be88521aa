import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkJars } from "../../tools/kafka.ts";
import { toolPlaces } from "../../tools/places.ts";

const pinned = (file: string): string => readFileSync(path.join(toolPlaces.modules, "kafka", file), "utf8");

describe("Kafka's jars", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "jars-"));
    writeFileSync(path.join(folder, "a.jar"), "a");
    writeFileSync(path.join(folder, "b.jar"), "b");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const sum = (content: string): string => createHash("sha256").update(content).digest("hex");
  const lines = (sums: Record<string, string>): string =>
    Object.entries(sums)
      .map(([file, content]) => `${sum(content)}  ${file}\n`)
      .join("");

  it("are taken as they are pinned", () => checkJars(folder, lines({ "a.jar": "a", "b.jar": "b" })));

  for (const [what, sums, named] of [
    ["of other content", { "a.jar": "a", "b.jar": "other" }, "b.jar"],
    ["that are not pinned", { "a.jar": "a" }, "b.jar"],
    ["of which one is missing", { "a.jar": "a", "b.jar": "b", "c.jar": "c" }, "c.jar"],
  ] as const) {
    it(`${what} are refused by name`, () => {
      assert.throws(() => checkJars(folder, lines(sums)), {
        name: "UserError",
        message: `Kafka is not what this project was written with: ${named} differ from tools/kafka/jars.sha256.`,
      });
    });
  }

  it("are pinned at the version that is asked for", () => {
    const version = /<kafka.version>(.+)<\/kafka.version>/.exec(pinned("pom.xml"))![1]!;
    for (const jar of ["kafka_2.13", "kafka-clients", "kafka-tools"]) {
      assert.match(pinned("jars.sha256"), new RegExp(`^[0-9a-f]{64}  ${jar}-${version}\\.jar$`, "m"));
    }
  });
});
