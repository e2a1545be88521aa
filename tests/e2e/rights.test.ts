import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { distributedSettings } from "../../cli/audit/distributed.ts";
import { sandboxBackend } from "../../sandbox/backend.ts";
import { merge, type SettingsTree } from "../../engine/overrides.ts";
import { hasChanges, openStack } from "../../engine/stack.ts";
import { manifestsIn, textOf, type Manifest } from "../docs/blocks.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";

const manifests = manifestsIn(textOf("docs/deployer.yaml"));
const groupOf = ({ subjects }: Manifest): string => (subjects as Manifest["metadata"][])[0]!.name;
const group = groupOf(manifests.find(({ kind }) => kind === "RoleBinding")!);

describe("the rights in docs/deployer.yaml, and no others,", () => {
  let cluster: TestCluster;
  let backend: ReturnType<typeof sandboxBackend>;

  before(async function () {
    cluster = await openTestCluster(this, "rights");
    const { folder, api } = cluster.sandbox;
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "tracing" } });
    for (const manifest of manifests) await api.apply(manifest);
    const ours = sandboxBackend(folder, cluster.tools);
    const kubeconfig = path.join(folder.root, "deployer.yaml");
    writeFileSync(kubeconfig, asMemberOf(group, readFileSync(folder.kubeconfig, "utf8")));
    backend = { ...ours, variables: { ...ours.variables, KUBECONFIG: kubeconfig } };
  });

  after(() => cluster?.close());

  const open = (overrides?: SettingsTree) => openStack({ environment: "dev", backend, overrides });

  it("deploy the stack, with nothing left to change or drifted", async () => {
    const stack = await open();
    await stack.up();
    assert.equal(hasChanges(await stack.preview()), false);
    assert.equal(hasChanges(await stack.drift()), false);
  });

  it("change what restarts Tempo and what Grafana loads", async () => {
    const changes = await (
      await open({ tempo: { retention: "24h" }, applications: { slowRequest: "10s" } })
    ).up();
    delete changes["same"];
    assert.deepEqual(changes, { replace: 1, update: 2 });
  });

  it("deploy a distributed Tempo in its place, with an autoscaler", async () => {
    const stack = await open(merge(distributedSettings, { tempo: { acceptLoss: "a test" } }));
    await stack.up();
    assert.equal(hasChanges(await stack.preview()), false);
    assert.equal(hasChanges(await stack.drift()), false);
  });

  it("refuse to destroy it, at once and leaving the data", async () => {
    await assert.rejects(
      (await open()).destroy(),
      /secrets "llm-tracing-datasources" is forbidden: User "deployer" cannot delete/,
    );
    const { api } = cluster.sandbox;
    assert.ok(await api.get("/api/v1/namespaces/tracing/persistentvolumeclaims/tempo-data"));
  });
});

/** A kubeconfig whose user acts as somebody who has a group's rights alone. */
function asMemberOf(name: string, kubeconfig: string): string {
  const { users, ...rest } = parse(kubeconfig) as { users: { name: string; user: object }[] };
  const as = { as: "deployer", "as-groups": [name, "system:authenticated"] };
  return stringify({ ...rest, users: users.map((each) => ({ ...each, user: { ...each.user, ...as } })) });
}
