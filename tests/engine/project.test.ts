import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { UserError } from "../../errors.ts";
import { projectName } from "../../settings/keys.ts";
import { merge } from "../../engine/overrides.ts";
import { withPlaceholders, writeProject } from "../../engine/project.ts";

describe("merging settings", () => {
  it("merges sections and replaces the rest", () => {
    const base = { tempo: { retention: "72h", volume: { size: "10Gi" } }, list: [1, 2] };
    assert.deepEqual(merge(base, { tempo: { retention: "24h" }, list: [3] }), {
      tempo: { retention: "24h", volume: { size: "10Gi" } },
      list: [3],
    });
  });

  it("takes away what is undefined, also where there is nothing", () => {
    const base = { tempo: { line: "3.0", roles: {} }, kafka: {} };
    assert.deepEqual(
      merge(base, { tempo: { roles: undefined }, kafka: undefined, other: { none: undefined } }),
      {
        tempo: { line: "3.0" },
        other: {},
      },
    );
  });

  it("leaves what it merges as it is", () => {
    const base = { tempo: { retention: "72h" } };
    merge(base, { tempo: { retention: "24h" } });
    assert.deepEqual(base, { tempo: { retention: "72h" } });
  });
});

describe("the engine's project", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "project-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (file: string) =>
    parse(readFileSync(path.join(folder, file), "utf8")) as Record<string, unknown>;
  const dev = { environment: "dev", secrets: "placeholder" } as const;

  it("has the committed settings with the overrides laid over them", () => {
    writeProject(folder, { ...dev, overrides: { cluster: { context: "mine" } } });
    const committed = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: object };
    assert.deepEqual(written("Pulumi.dev.yaml")["config"], {
      ...committed.config,
      "llm-tracing:cluster": { context: "mine" },
    });
  });

  it("has the committed project, run inline and with the provider given", () => {
    writeProject(folder, { ...dev, kubernetesProvider: "/p" });
    const { name, main, plugins, config } = written("Pulumi.yaml");
    assert.equal(name, projectName);
    assert.equal(main, undefined);
    assert.deepEqual(plugins, { providers: [{ name: "kubernetes", path: "/p" }] });
    assert.ok(config);
  });

  it("keeps what Pulumi noted there to decrypt the stack's secrets", () => {
    writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "encryptionsalt: v1:salt\n");
    writeProject(folder, dev);
    assert.equal(written("Pulumi.dev.yaml")["encryptionsalt"], "v1:salt");
  });

  it("has no secret of an environment where a placeholder is asked for", () => {
    const settings = {
      password: { secure: "v1:abc" },
      list: [{ secure: "v1:def" }],
      tempo: { retention: "1h" },
    };
    assert.deepEqual(withPlaceholders(settings), {
      password: "secret-of-the-environment",
      list: ["secret-of-the-environment"],
      tempo: { retention: "1h" },
    });
  });

  it("refuses an environment that does not exist", () => {
    assert.throws(
      () => writeProject(folder, { ...dev, environment: "qa" }),
      (error) =>
        error instanceof UserError &&
        error.exitCode === 2 &&
        error.message.startsWith('There is no environment "qa": Pulumi.qa.yaml is missing. There are: dev,'),
    );
  });
});
