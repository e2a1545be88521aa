import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { writeProject } from "../../engine/project.ts";
import committed from "../../index.ts";
import { sandboxBackend } from "../../sandbox/backend.ts";
import { projectName } from "../../settings/keys.ts";
import { containerIn, type Loose } from "../policy/objects.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";

const pack = fileURLToPath(new URL("../../policy", import.meta.url));

const program: PulumiFn = async () => ({ ...(await committed()) });

/** The program, with its objects of a kind changed on their way to the engine. */
const withChanged =
  (kind: string, change: (object: Loose) => void): PulumiFn =>
  async () => {
    pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
      if (!type.endsWith(`:${kind}`)) return undefined;
      change(props);
      return { props, opts };
    });
    return program();
  };

describe("the policy pack, run by the engine,", () => {
  let cluster: TestCluster;

  before(async function () {
    cluster = await openTestCluster(this, "policy");
  });

  after(() => cluster?.close());

  async function open(of: PulumiFn) {
    const backend = sandboxBackend(cluster.sandbox.folder, cluster.tools);
    writeProject(backend.project, {
      ...backend,
      environment: "dev",
      overrides: { cluster: { context: backend.context } },
    });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName, program: of },
      {
        workDir: backend.project,
        pulumiHome: backend.home,
        pulumiCommand: await PulumiCommand.get({ root: backend.programs }),
        envVars: backend.variables,
      },
    );
    let said = "";
    const options = {
      policyPacks: [pack],
      color: "never" as const,
      onOutput: (text: string) => void (said += text),
    };
    return { stack, options, said: () => said };
  }

  const weak = withChanged("StatefulSet", (object) => {
    // All pods share one security context.
    const container = containerIn(object);
    container["securityContext"] = {
      ...(container["securityContext"] as Loose),
      readOnlyRootFilesystem: false,
    };
  });

  it("passes the stack", async () => {
    const { stack, options, said } = await open(program);
    await stack.preview(options);
    assert.match(said(), /✅ llm-tracing@v/);
    assert.doesNotMatch(said(), /can't run policy|\[(mandatory|advisory)\]/);
  });

  it("refuses a weakened pod in a preview, with what to do", async () => {
    const { stack, options, said } = await open(weak);
    await assert.rejects(stack.preview(options));
    assert.match(said(), /\[mandatory\] +read-only-root +\(kubernetes:apps\/v1:StatefulSet: tempo\)/);
    assert.match(
      said(),
      /StatefulSet tracing\/tempo: container tempo: readOnlyRootFilesystem is not true\. Set/,
    );
  });

  it("refuses it in an update too, before the cluster sees it", async () => {
    const { stack, options } = await open(weak);
    await assert.rejects(stack.up(options), /read-only-root/);
    const { api } = cluster.sandbox;
    assert.equal(await api.get("/apis/apps/v1/namespaces/tracing/statefulsets/tempo"), undefined);
  });

  it("refuses traffic that no setting declares", async () => {
    const { stack, options, said } = await open(
      withChanged("NetworkPolicy", (object) => {
        const { egress } = object["spec"] as { egress?: unknown[] };
        egress?.push({});
      }),
    );
    await assert.rejects(stack.preview(options));
    assert.match(
      said(),
      /NetworkPolicy tracing\/tempo: allows what no setting declares: tempo: out to everywhere, any port/,
    );
  });

  it("passes the stack that is then deployed", async () => {
    const { stack, options, said } = await open(program);
    await stack.up(options);
    assert.doesNotMatch(said(), /can't run policy|\[(mandatory|advisory)\]/);
    await stack.preview(options);
  });
});
