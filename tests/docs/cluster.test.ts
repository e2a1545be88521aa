import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { selectorLabels } from "../../components/kubernetes/metadata.ts";
import { distributedSettings } from "../../cli/audit/distributed.ts";
import { budgetLine } from "../../cli/render/budget.ts";
import { otlpPorts } from "../../components/kubernetes/otlp.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { withOverrides } from "../../engine/overrides.ts";
import { renderEnvironment } from "../../engine/rendering.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { images, withoutDigest, withoutRegistry } from "../../release/images.ts";
import { parseSettings } from "../../settings.ts";
import { strip } from "../../settings/keys.ts";
import { blocksOf, manifestsIn, manifestsOf, textOf, type Manifest } from "./blocks.ts";
import { allowed, requestsFor } from "./rights.ts";
import { parse } from "yaml";

const file = "docs/cluster.md";
const roles = manifestsIn(textOf("docs/deployer.yaml"));

/** What these rights do not delete: the data, and the Secret, for which Pulumi's provider would have to list all others. */
const kept = ["Namespace", "PersistentVolumeClaim", "Secret"];

const refused = (object: Manifest, verbs: readonly string[]): string[] =>
  requestsFor(object, verbs)
    .filter((request) => !allowed(roles, request))
    .map(({ verb, resource, namespace }) => `${verb} ${resource} in ${namespace}`);

describe("the rights to deploy", () => {
  let rendered: readonly Manifest[];

  before(async () => {
    const { kubernetes } = await renderEnvironment("dev", withOverrides("dev", distributedSettings));
    rendered = [
      ...environments().flatMap((environment) =>
        readdirSync(join(projectFolder, "rendered", environment)).flatMap((name) =>
          manifestsIn(textOf(`rendered/${environment}/${name}`)),
        ),
      ),
      ...(kubernetes as unknown as readonly Manifest[]),
    ];
  });

  it("reach every rendered object: to make, read, change and delete it", () => {
    for (const object of rendered) {
      // An administrator makes the namespace, as it holds the Role.
      const made = object.kind === "Namespace" ? [] : ["create"];
      const deleted = kept.includes(object.kind) ? [] : ["delete"];
      assert.deepEqual(refused(object, ["get", "patch", ...made, ...deleted]), [], object.metadata.name);
    }
  });

  it("do not reach the deletion of the data, nor of the Secret", () => {
    for (const object of rendered.filter(({ kind }) => kept.includes(kind)))
      assert.equal(refused(object, ["delete"]).length, 1, object.kind);
  });

  it("do not reach other Secrets of Grafana's namespace, nor change other ConfigMaps", () => {
    const verbs = {
      secrets: ["get", "list", "watch", "patch", "delete"],
      configmaps: ["get", "patch", "delete"],
    };
    for (const [resource, list] of Object.entries(verbs))
      for (const verb of list)
        for (const name of [undefined, "prometheus-grafana"])
          assert.ok(
            !allowed(roles, { verb, group: "", resource, namespace: "monitoring", name }),
            `${verb} ${resource}`,
          );
  });

  it("are bound to one group, Role by Role", () => {
    const bindings = roles.filter(({ kind }) => kind === "RoleBinding");
    const bound = bindings.map(({ metadata, roleRef }) => [
      metadata.namespace,
      (roleRef as Manifest["metadata"]).name,
    ]);
    assert.deepEqual(
      bound,
      roles.filter(({ kind }) => kind === "Role").map(({ metadata }) => [metadata.namespace, metadata.name]),
    );
    assert.equal(new Set(bindings.map(({ subjects }) => JSON.stringify(subjects))).size, 1);
  });
});

describe("the guide to clusters", () => {
  it("names Tempo's image as the table does, and a mirror that the settings take", () => {
    const named = new Set(textOf(file).match(/\bgrafana\/tempo:[\d.]+/g));
    assert.deepEqual([...named], [withoutRegistry(withoutDigest(images["3.0"]))]);
    const mirrors = blocksOf(textOf(file), "yaml").filter((block) => block.includes("mirror:"));
    const [stack] = mirrors.map((block) => parse(block) as { config: Record<string, unknown> });
    const settings = { environment: "dev", images: stack!.config["llm-tracing:images"] };
    assert.ok(textOf(file).includes(`${parseSettings(settings).images.mirror}/${[...named][0]}`));
  });

  it("has a policy for applications that reaches the collector's pods and their OTLP ports, and nothing else", () => {
    const [policy, ...more] = manifestsOf(file);
    assert.deepEqual(more, []);
    const { podSelector, policyTypes, egress } = policy!["spec"] as Record<string, unknown>;
    const { namespace, applications } = parseSettings({ environment: "any" });
    assert.ok(applications.namespaces.includes(policy!.metadata.namespace!));
    assert.deepEqual([podSelector, policyTypes], [{}, ["Egress"]]);
    assert.deepEqual(egress, [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace.name } },
            podSelector: {
              matchLabels: { "app.kubernetes.io/name": selectorLabels("otel")["app.kubernetes.io/name"] },
            },
          },
        ],
        ports: [otlpPorts.grpc, otlpPorts.http].map((port) => ({ protocol: "TCP", port })),
      },
    ]);
  });

  it("has DNS addresses that the settings take, the default among them", () => {
    const [given] = blocksOf(textOf(file), "yaml")
      .map((block) => (parse(block) as { config?: Record<string, object> }).config?.["llm-tracing:cluster"])
      .filter((cluster) => cluster !== undefined);
    const { dnsAddresses } = parseSettings({ environment: "any", cluster: given }).cluster;
    const [usual] = parseSettings({ environment: "any" }).cluster.dnsAddresses;
    assert.deepEqual(dnsAddresses, [usual, "10.96.0.10/32"]);
  });
});

describe("the example of a size", () => {
  const [told, refused] = blocksOf(textOf(file), "").filter((block) => /rendered|problem/.test(block));

  it("is what dev's settings make", () => {
    assert.equal(told!.split("\n")[1]!.trim(), budgetLine(environmentSettings("dev")));
  });

  it("is refused in these words", () => {
    const config = blocksOf(textOf(file), "yaml").map((block) => parse(block) as { config?: object });
    const values = Object.entries(config.find(({ config }) => config)!.config!);
    assert.throws(
      () => parseSettings(Object.fromEntries(values.map(([key, value]) => [strip(key), value]))),
      ({ message }: Error) => `prod: ${message}\n` === refused,
    );
  });
});
