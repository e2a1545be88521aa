import assert from "node:assert/strict";
import { environments } from "../../engine/stack-files.ts";
import { run, type Registration } from "./run.ts";

const component = (name: string) => `llm-tracing:index:${name}`;

/** Type of the parent that each type of resource has, and no other. */
const parentOf: Readonly<Record<string, readonly string[]>> = {
  [component("LlmTracing")]: ["pulumi:pulumi:Stack"],
  [component("Tempo")]: [component("LlmTracing")],
  [component("Collector")]: [component("LlmTracing")],
  [component("Datasources")]: [component("LlmTracing")],
  [component("Dashboards")]: [component("LlmTracing")],
  [component("Alerts")]: [component("LlmTracing")],
  "pulumi:providers:kubernetes": [component("LlmTracing")],
  "kubernetes:core/v1:Namespace": [component("Tempo")],
  "kubernetes:core/v1:ServiceAccount": [component("Tempo"), component("Collector")],
  "kubernetes:core/v1:PersistentVolumeClaim": [component("Tempo")],
  "kubernetes:core/v1:Service": [component("Tempo"), component("Collector")],
  "kubernetes:core/v1:ConfigMap": [component("Tempo"), component("Collector"), component("Dashboards")],
  "kubernetes:core/v1:Secret": [component("Datasources")],
  "kubernetes:apps/v1:StatefulSet": [component("Tempo"), component("Collector")],
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": [component("Tempo"), component("Collector")],
  "kubernetes:monitoring.coreos.com/v1:ServiceMonitor": [component("Tempo"), component("Collector")],
  "kubernetes:policy/v1:PodDisruptionBudget": [component("Collector")],
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule": [component("Alerts")],
};

const isKubernetes = ({ type }: Registration) => type.startsWith("kubernetes:");
const isComponent = ({ type }: Registration) => type.startsWith("llm-tracing:");

/** The type at the end of a urn. */
const typeOf = (urn: string): string => urn.split("::")[2]!.split("$").at(-1)!;

for (const environment of environments()) {
  describe(`the resources of ${environment}`, () => {
    let registrations: readonly Registration[];

    before(async () => {
      ({ registrations } = await run(environment));
    });

    it("hang below the component that they are part of", () => {
      const [stack, ...rest] = registrations;
      assert.equal(stack!.type, "pulumi:pulumi:Stack");
      for (const { type, name, parent } of rest) {
        assert.ok(parent, `${type} ${name} has no parent`);
        assert.ok(parentOf[type]?.includes(typeOf(parent)), `${type} ${name} is below ${typeOf(parent)}`);
      }
    });

    it("go to the cluster of the settings, none to the kubeconfig of the moment", () => {
      const [provider] = registrations.filter(({ type }) => type === "pulumi:providers:kubernetes");
      assert.equal(provider!.inputs["clusterIdentifier"], environment);
      for (const { type, name, provider: used } of registrations.filter(isKubernetes)) {
        assert.ok(
          used.startsWith(`${provider!.urn}::`),
          `${type} ${name} uses ${used || "the default provider"}`,
        );
      }
    });

    it("keep the data when they are deleted: the volume, and the namespace that holds it", () => {
      const kept = registrations.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type);
      assert.deepEqual(kept.toSorted(), [
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolumeClaim",
      ]);
    });

    it(`protect ${environment === "prod" ? "the volume and nothing else" : "nothing"}`, () => {
      const guarded = registrations.filter(({ protect }) => protect).map(({ type }) => type);
      assert.deepEqual(guarded, environment === "prod" ? ["kubernetes:core/v1:PersistentVolumeClaim"] : []);
    });

    it("are components without inputs: those are kept in state as they are, secrets and dashboards too", () => {
      for (const { type, inputs } of registrations.filter(isComponent)) {
        assert.deepEqual(inputs, {}, type);
      }
    });

    it("come after what they need: the Service after its workload, that after its configuration and volume", () => {
      const needs = (name: string, type: string) =>
        registrations
          .find((each) => each.name === name && each.type === type)!
          .dependencies.map(typeOf)
          .toSorted();
      assert.ok(needs("tempo", "kubernetes:core/v1:Service").includes("kubernetes:apps/v1:StatefulSet"));
      assert.deepEqual(needs("tempo", "kubernetes:apps/v1:StatefulSet"), [
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolumeClaim",
        "kubernetes:core/v1:Service",
        "kubernetes:core/v1:ServiceAccount",
      ]);
      assert.ok(needs("otel", "kubernetes:apps/v1:StatefulSet").includes("kubernetes:core/v1:ConfigMap"));
      assert.ok(needs("otel", "kubernetes:core/v1:Service").includes("kubernetes:apps/v1:StatefulSet"));
    });
  });
}

describe("the program", () => {
  for (const environment of environments()) {
    it(`gives the same bytes twice in ${environment}`, async () => {
      const [first, second] = [await run(environment), await run(environment)];
      assert.equal(JSON.stringify(second.objects), JSON.stringify(first.objects));
      assert.equal(JSON.stringify(second.outputs), JSON.stringify(first.outputs));
    });
  }

  it("takes a cluster by its context, and its identity from the name it is given", async () => {
    const { registrations } = await run("dev", { cluster: { context: "kind-dev", name: "lab" } });
    const { inputs } = registrations.find(({ type }) => type === "pulumi:providers:kubernetes")!;
    assert.equal(inputs["context"], "kind-dev");
    assert.equal(inputs["clusterIdentifier"], "lab");
  });

  it("leaves a namespace that is given alone", async () => {
    const { kubernetes } = await run("dev", { namespace: { name: "shared", create: false } });
    assert.deepEqual(
      kubernetes.filter(({ kind }) => kind === "Namespace"),
      [],
    );
    assert.deepEqual([...new Set(kubernetes.map(({ metadata }) => metadata.namespace))].toSorted(), [
      "monitoring",
      "shared",
    ]);
  });
});
