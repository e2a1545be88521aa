import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { meaningOf } from "../../cli/promote/meaning.ts";
import { promote, type Environment } from "../../cli/promote/promote.ts";
import { UserError } from "../../errors.ts";
import type { ApiClient } from "../../clients/kubernetes.ts";
import type { Backend } from "../../engine/backend.ts";
import { createNamespaces } from "../../sandbox/cluster.ts";
import type { SettingsTree } from "../../engine/overrides.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import { waitFor } from "../../clients/wait.ts";
import { quietLog } from "../../terminal/log.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import {
  environmentNames,
  grafanaNamespace,
  openEnvironment,
  promotable,
  usersBackend,
  type EnvironmentName,
} from "./promotion/stacks.ts";

const nextRelease = { tempo: { image: "docker.io/grafana/tempo:3.0.4" } };

describe("promotion on a real engine", () => {
  let cluster: TestCluster;
  let api: ApiClient;
  let backend: Backend;
  let tree: string;

  before(async function () {
    cluster = await openTestCluster(this, "promotion");
    api = cluster.sandbox.api;
    backend = usersBackend(cluster.sandbox.folder, cluster.tools);
    await createNamespaces(api, environmentNames.map(grafanaNamespace));
    tree = mkdtempSync(path.join(tmpdir(), "tree-"));
    execFileSync("git", ["init", "--quiet"], { cwd: tree });
  });

  after(async () => {
    if (tree) rmSync(tree, { recursive: true });
    await cluster?.close();
  });

  const open = (name: EnvironmentName, overrides?: SettingsTree) => openEnvironment(name, backend, overrides);
  const refusalOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work
      .then(() => assert.fail("was not refused"))
      .catch((each: unknown) => each);
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  };
  const promoteTo = (from: Environment, to: Environment) =>
    promote({ from, to, tree, log: quietLog, confirm: () => Promise.resolve() });
  const stagingToProd = async (staging?: SettingsTree, prod?: SettingsTree) =>
    promoteTo(await promotable("staging", backend, staging), await promotable("prod", backend, prod));
  const claimOf = (name: EnvironmentName) =>
    api.get(`/api/v1/namespaces/tracing-${name}/persistentvolumeclaims/tempo-data`);
  const shownIn = async (stack: EngineStack) => {
    let shown = "";
    const { create } = await stack.preview({ show: { write: (text) => (shown += text) } });
    return { create, shown };
  };
  const assertSettled = async (stack: EngineStack) => {
    assert.equal(hasChanges(await stack.preview()), false, "the program has changes");
    assert.equal(hasChanges(await stack.drift()), false, "the cluster has drifted");
  };

  describe("before dev runs anything", () => {
    it("keeps it from staging: a preview shows it with a warning, and up refuses and creates nothing", async () => {
      const staging = await open("staging");
      const refusal = '"staging" takes only what "dev" runs. "dev" was never deployed';
      const { create, shown } = await shownIn(staging);
      assert.ok(create! > 10 && shown.includes(`warning: Up will refuse this: ${refusal}`), shown);
      assert.ok((await refusalOf(staging.up())).startsWith(refusal));
      assert.equal(await api.get("/api/v1/namespaces/tracing-staging"), undefined);
      assert.deepEqual(await staging.outputs(), {});
    });
  });

  describe("an up that is killed", () => {
    it("leaves the stack locked, in its owner's name, until that is cancelled; then up ends what was begun", async () => {
      const { folder } = cluster.sandbox;
      const program = fileURLToPath(new URL("promotion/up.ts", import.meta.url));
      const run = spawn(process.execPath, [program, folder.root, "dev"], {
        detached: true,
        stdio: "inherit",
      });
      await waitFor(
        "the run to be in the middle",
        60,
        async () => (await claimOf("dev")) !== undefined,
      ).finally(() => process.kill(-run.pid!, "SIGKILL"));
      assert.equal(await api.get("/api/v1/namespaces/tracing-dev/services/tempo"), undefined);

      const dev = await open("dev");
      assert.match(
        await refusalOf(dev.up()),
        /^Another run is changing the stack "dev": \S+@\S+ \(pid \d+\), since \S+\. .*pulumi cancel --stack dev\.$/,
      );
      const pulumi = path.join(backend.programs, "bin/pulumi");
      await promisify(execFile)(pulumi, ["cancel", "--yes", "--stack", "dev"], {
        cwd: backend.project,
        env: { ...process.env, ...backend.variables, PULUMI_HOME: backend.home },
        timeout: 30_000,
      });
      await dev.recover();
      await dev.up();
      await assertSettled(dev);
    });
  });

  describe("once dev runs it", () => {
    it("lets it into staging, whose outputs tell from where it came", async () => {
      const [dev, staging] = [await open("dev"), await open("staging")];
      await staging.up();
      const { stackVersion, bundleDigest } = await dev.outputs();
      assert.deepEqual((await staging.outputs())["promotion"], {
        from: "dev",
        status: "equal",
        upstreamVersion: stackVersion,
        upstreamDigest: bundleDigest,
      });
    });
  });

  describe("a backend that cannot be used is said in one sentence", () => {
    const opening = (variables: Record<string, string>) =>
      refusalOf(openEnvironment("dev", { ...backend, variables }));

    it("when the passphrase is missing", async () => {
      for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
        delete process.env[name];
      const { PULUMI_CONFIG_PASSPHRASE: _empty, ...variables } = backend.variables;
      const says =
        /^The stack "dev" has secrets, and their passphrase is missing: set PULUMI_CONFIG_PASSPHRASE or/;
      const dev = await openEnvironment("dev", { ...backend, variables });
      assert.match(await refusalOf(dev.preview()), says);
    });

    for (const url of [
      "file:///nowhere/at/all",
      "s3://states?region=r&endpoint=127.0.0.1:9&disableSSL=true",
    ]) {
      it(`when it is not there: ${url}`, async () => {
        const keys = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };
        const words = await opening({ ...backend.variables, ...keys, PULUMI_BACKEND_URL: url });
        assert.match(words, /^The backend cannot be reached \(local files in .*\): [^\n]+\.$/);
      });
    }
  });

  describe("promote", () => {
    it("refuses when something is not committed", async () => {
      const file = path.join(tree, "note");
      writeFileSync(file, "");
      assert.match(
        await refusalOf(stagingToProd()),
        /^The working tree has changes .*: note\. Commit or stash/,
      );
      rmSync(file);
    });

    it("refuses what the environment before does not run", async () => {
      assert.match(
        await refusalOf(stagingToProd(nextRelease, nextRelease)),
        /^"staging" runs version \S+, bundle \w{16}, but this working tree is version \S+, bundle \w{16}: /,
      );
    });

    it("refuses when the environment before has something left to deploy", async () => {
      assert.match(
        await refusalOf(stagingToProd({ grafana: { folder: "Elsewhere" } })),
        /^"staging" is not up to date: 3 resources are to change\. Deploy it first/,
      );
    });

    it("refuses when the environment before has drifted", async () => {
      await api.delete("/api/v1/namespaces/grafana-staging/configmaps/llm-tracing-dashboard");
      assert.match(await refusalOf(stagingToProd()), /^"staging" has drifted: 1 resource is not as deployed/);
      await (await open("staging")).up();
    });

    it("refuses an answer of no, and changes nothing", async () => {
      const [from, to] = [await promotable("staging", backend), await promotable("prod", backend)];
      const confirm = () => Promise.reject(new UserError("no"));
      assert.equal(await refusalOf(promote({ from, to, tree, log: quietLog, confirm })), "no");
      assert.equal(await api.get("/api/v1/namespaces/tracing-prod"), undefined);
    });

    it("brings to prod what runs in staging, which then has nothing left to change", async () => {
      await stagingToProd();
      const [staging, prod] = [await open("staging"), await open("prod")];
      assert.equal((await prod.outputs())["bundleDigest"], (await staging.outputs())["bundleDigest"]);
      await assertSettled(prod);
    });

    it("changes nothing when run again", async () => {
      const before = await claimOf("prod");
      await promoteTo(await promotable("staging", backend), {
        ...(await promotable("prod", backend)),
        open: async () => ({ ...(await open("prod")), up: () => assert.fail("deployed again") }),
      });
      assert.deepEqual(await claimOf("prod"), before);
    });
  });

  describe("what a promotion changes", () => {
    const told = async (overrides?: SettingsTree) => {
      const { manifests } = await promotable("staging", backend, overrides);
      const { changes } = meaningOf("staging", await (await open("staging")).objects(), manifests);
      return changes.map(({ subject, costs }) => [subject, costs]);
    };

    it("is nothing where it runs already", async () => {
      assert.deepEqual(await told(), []);
    });

    it("is told by what it means", async () => {
      assert.deepEqual(await told({ tempo: { retention: "24h" } }), [
        ["Tempo", ["data at risk", "Tempo restarts"]],
      ]);
    });
  });

  describe("once dev has moved on", () => {
    before(async () => {
      await (await open("dev", nextRelease)).up();
    });

    it("keeps from staging what dev no longer runs, saying what runs where", async () => {
      const staging = await open("staging");
      const refusal = await refusalOf(staging.up());
      const { bundleDigest: ahead } = await (await open("dev")).outputs();
      const { bundleDigest: behind } = await (await open("staging")).outputs();
      assert.notEqual(ahead, behind);
      assert.ok(
        refusal.includes(
          `"dev" runs version 0.1.0, bundle ${String(ahead)}; this is version 0.1.0, bundle ${String(behind)}.`,
        ),
        refusal,
      );
      assert.ok((await shownIn(staging)).shown.includes(refusal.split("\n")[0]!));
    });

    it("counts in staging neither as drift nor as a change of its own", async () => {
      assert.equal(hasChanges(await (await open("staging")).drift()), false);
    });

    it("lets it come for a stated reason, which the preview shows and the outputs keep", async () => {
      const reason = "hot fix of the slow-request panel";
      const staging = await open("staging", { promotion: { override: reason } });
      const { shown } = await shownIn(staging);
      assert.match(
        shown,
        /warning: Promotion overridden: hot fix of the slow-request panel\. But "dev" runs/,
      );
      await staging.up();
      const promotion = (await staging.outputs())["promotion"] as Record<string, string>;
      const { bundleDigest } = await (await open("dev")).outputs();
      assert.deepEqual(
        [promotion["status"], promotion["reason"], promotion["upstreamDigest"]],
        ["overridden", reason, bundleDigest],
      );
    });
  });

  describe("a second up while one is under way", () => {
    it("fails in the name of the first, which ends as if nothing had been", async () => {
      const slower = { tempo: { ...nextRelease.tempo, retention: "24h" } };
      const [first, second] = [await open("dev", slower), await open("dev", slower)];
      const under = first.up();
      await waitFor("the first to lock the stack", 30, () => Promise.resolve(locks(cluster).length > 0));
      assert.match(
        await refusalOf(second.up()),
        /^Another run is changing the stack "dev": \S+@\S+ \(pid \d+\)/,
      );
      assert.ok(hasChanges(await under));
      await assertSettled(second);
    });
  });
});

const locks = ({ sandbox }: TestCluster): string[] =>
  readdirSync(path.join(sandbox.folder.state, ".pulumi/locks"), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".json"));
