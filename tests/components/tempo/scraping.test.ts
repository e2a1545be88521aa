import assert from "node:assert/strict";
import { contextOf } from "../../../policy/context.ts";
import { judge } from "../../../policy/check.ts";
import type { KubernetesObject } from "../../../policy/rule.ts";
import { objectOf, run, type Run } from "../../program/run.ts";

interface Monitor {
  readonly selector: {
    readonly matchLabels: Readonly<Record<string, string>>;
    readonly matchExpressions: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values: readonly string[];
    }[];
  };
  readonly endpoints: readonly { readonly port: string; readonly path: string }[];
}

const running = (prometheus: Readonly<Record<string, unknown>> = {}) =>
  run("dev", { prometheus, ...(prometheus["scrape"] === "none" && { alerts: { rules: "none" } }) });

const podAnnotations = (result: Run) =>
  (
    objectOf(result, "StatefulSet", "tempo").spec as {
      template: { metadata: { annotations?: Readonly<Record<string, string>> } };
    }
  ).template.metadata.annotations;

const kinds = ({ kubernetes }: Run) => kubernetes.map(({ kind }) => kind);

/** Whether Tempo's policy lets Prometheus in. */
const letsIn = (result: Run) => {
  const { ingress } = objectOf(result, "NetworkPolicy", "tempo").spec as { ingress: unknown };
  return JSON.stringify(ingress).includes('"app.kubernetes.io/name":"prometheus"');
};

const complaints = ({ kubernetes, settings }: Run) =>
  judge(kubernetes as unknown as KubernetesObject[], contextOf(settings), { today: new Date() }).complaints;

describe("Tempo's own metrics", () => {
  it("are found by a ServiceMonitor that selects one Service, the one with an address", async () => {
    const result = await running();
    const { selector, endpoints } = objectOf(result, "ServiceMonitor", "tempo").spec as Monitor;
    const selected = result.kubernetes.filter(
      ({ kind, metadata: { labels } }) =>
        kind === "Service" &&
        Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value) &&
        selector.matchExpressions.every(
          ({ key, operator, values }) => operator === "NotIn" && !values.includes(labels[key] ?? ""),
        ),
    );
    assert.deepEqual(
      selected.map(({ metadata }) => metadata.name),
      ["tempo"],
    );
    const { ports } = selected[0]!.spec as { ports: { name: string; port: number }[] };
    assert.deepEqual(
      endpoints.map(({ port, path }) => [ports.find(({ name }) => name === port)?.port, path]),
      [[3200, "/metrics"]],
    );
  });

  it("have the labels that the operator's Prometheus selects by, beside those of every object", async () => {
    const monitor = (result: Run) => objectOf(result, "ServiceMonitor", "tempo").metadata.labels;
    assert.equal(monitor(await running())["release"], "kube-prometheus-stack");
    const { release, prometheus, ...own } = monitor(
      await running({ operatorLabels: { prometheus: "k8s" } }),
    ) as Record<string, string>;
    assert.deepEqual({ release, prometheus }, { release: undefined, prometheus: "k8s" });
    assert.deepEqual(own, objectOf(await running(), "StatefulSet", "tempo").metadata.labels);
  });

  for (const [scrape, found] of [
    ["serviceMonitor", { monitor: true, annotations: undefined, letsIn: true }],
    [
      "annotations",
      {
        monitor: false,
        annotations: {
          "prometheus.io/scrape": "true",
          "prometheus.io/port": "3200",
          "prometheus.io/path": "/metrics",
        },
        letsIn: true,
      },
    ],
    ["none", { monitor: false, annotations: undefined, letsIn: false }],
  ] as const) {
    it(`are found in one way only where the way is ${scrape}, with no complaint of the policies`, async () => {
      const result = await running({ scrape });
      assert.deepEqual(
        {
          monitor: kinds(result).includes("ServiceMonitor"),
          annotations: podAnnotations(result),
          letsIn: letsIn(result),
        },
        found,
      );
      assert.deepEqual(complaints(result), []);
    });
  }
});
