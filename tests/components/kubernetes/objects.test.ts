import assert from "node:assert/strict";
import { stackVersion } from "../../../release/version.ts";
import { environments } from "../../../engine/stack-files.ts";
import { run, type KubernetesObject, type Run } from "../../program/run.ts";

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const domain = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** A ConfigMap may have dots in its name (a DNS subdomain). */
const dnsName = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;

const isKey = (key: string): boolean => {
  const [name, prefix] = key.split("/").toReversed();
  return namePart.test(name!) && (prefix === undefined || domain.test(prefix));
};

const isValue = (value: string): boolean => value === "" || namePart.test(value);

/** Every set of labels or selector in an object, however deep. */
function labelSets(value: unknown, key = ""): Readonly<Record<string, string>>[] {
  if (value === null || typeof value !== "object") return [];
  const isSet = ["labels", "matchLabels"].includes(key) || (key === "selector" && !("matchLabels" in value));
  if (isSet) return [value as Record<string, string>];
  return Object.entries(value).flatMap(([name, member]) => labelSets(member, name));
}

const isNamespaced = ({ kind }: KubernetesObject) => kind !== "Namespace";

for (const environment of environments()) {
  describe(`the objects of ${environment}`, () => {
    let result: Run;

    before(async () => {
      result = await run(environment);
    });

    it("have names of their own choice, one each, and a namespace where there can be one", () => {
      const seen = new Set<string>();
      for (const object of result.kubernetes) {
        const { name, namespace } = object.metadata;
        assert.match(name, dnsName, object.kind);
        if (isNamespaced(object)) assert.match(namespace!, dnsName, `${object.kind} ${name}`);
        assert.ok(!("generateName" in object.metadata), name);
        const identity = `${object.kind}/${namespace}/${name}`;
        assert.ok(!seen.has(identity), identity);
        seen.add(identity);
      }
    });

    it("have labels that Kubernetes accepts", () => {
      for (const object of result.kubernetes) {
        for (const set of labelSets(object)) {
          for (const [key, value] of Object.entries(set)) {
            assert.ok(isKey(key) && isValue(value), `${object.metadata.name}: ${key}: ${value}`);
          }
        }
      }
    });

    it("carry the stack's version as an annotation, never in a label or selector: those must not change", () => {
      for (const object of result.kubernetes) {
        assert.equal(object.metadata.annotations["llm-tracing/version"], stackVersion, object.metadata.name);
        for (const set of labelSets(object)) {
          assert.ok(!Object.keys(set).some((key) => key.includes("version")), object.metadata.name);
          assert.ok(!Object.values(set).includes(stackVersion), object.metadata.name);
        }
      }
    });

    it("say what they are and who manages them", () => {
      for (const { metadata } of result.kubernetes) {
        assert.equal(metadata.labels["app.kubernetes.io/part-of"], "llm-tracing", metadata.name);
        assert.equal(metadata.labels["app.kubernetes.io/managed-by"], "pulumi", metadata.name);
      }
    });

    for (const [tool, key, value] of [
      ["Argo CD prunes or deletes", "argocd.argoproj.io/sync-options", "Prune=false,Delete=false"],
      ["Flux prunes or deletes", "kustomize.toolkit.fluxcd.io/prune", "disabled"],
      ["Helm upgrades or uninstalls", "helm.sh/resource-policy", "keep"],
    ] as const) {
      it(`keep the data volume and its namespace, and nothing else, when ${tool}`, () => {
        const kept = result.kubernetes.filter(({ metadata }) => metadata.annotations[key] === value);
        assert.deepEqual(kept.map(({ kind }) => kind).toSorted(), ["Namespace", "PersistentVolumeClaim"]);
      });
    }

    for (const name of ["tempo", "otel"]) {
      const own = ({ metadata }: KubernetesObject) => metadata.labels["app.kubernetes.io/name"] === name;

      it(`find the pods of ${name} by selectors that they match, all alike`, () => {
        const [workload] = specsOf<{
          selector: { matchLabels: Record<string, string> };
          template: { metadata: { labels: Record<string, string> } };
        }>("StatefulSet", own);
        const pod = workload!.template.metadata.labels;
        const selectors = [
          workload!.selector.matchLabels,
          ...specsOf<{ selector: Record<string, string> }>("Service", own).map(({ selector }) => selector),
          ...specsOf<{ podSelector: { matchLabels?: Record<string, string> } }>("NetworkPolicy", own)
            .map(({ podSelector }) => podSelector.matchLabels)
            .filter((labels) => labels !== undefined),
        ];
        assert.equal(selectors.length, 4);
        for (const selector of selectors) {
          assert.deepEqual(selector, workload!.selector.matchLabels);
          assert.deepEqual({ ...pod, ...selector }, pod);
        }
      });

      it(`lead each Service of ${name} to ports that the pod has, by name, and the StatefulSet to its headless one`, () => {
        const { serviceName, template } = specsOf<{
          serviceName: string;
          template: { spec: { containers: { ports: { name: string; containerPort: number }[] }[] } };
        }>("StatefulSet", own)[0]!;
        const ports = template.spec.containers.flatMap((container) => container.ports);
        const services = result.kubernetes.filter((object) => object.kind === "Service" && own(object));
        for (const { metadata, spec } of services) {
          for (const { port, targetPort } of (spec as { ports: { port: number; targetPort: string }[] })
            .ports) {
            const target = ports.find(({ name }) => name === targetPort);
            assert.equal(target?.containerPort, port, `${metadata.name}: ${targetPort}`);
          }
        }
        const headless = services.find(({ metadata }) => metadata.name === serviceName)!;
        assert.equal((headless.spec as { clusterIP: string }).clusterIP, "None");
      });
    }

    const specsOf = <T>(wanted: string, of: (object: KubernetesObject) => boolean): T[] =>
      result.kubernetes.filter((object) => object.kind === wanted && of(object)).map(({ spec }) => spec as T);
  });
}
