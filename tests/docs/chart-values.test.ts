import assert from "node:assert/strict";
import { parse } from "yaml";
import { parseSettings } from "../../settings.ts";
import { blocksOf, textOf } from "./blocks.ts";
import { valueProblems, type ChartValues } from "./chart-values.ts";

const readme = textOf("README.md");
const values = (): ChartValues =>
  blocksOf(readme, "yaml")
    .map((block) => parse(block) as ChartValues)
    .find((block) => block.grafana)!;

const tooEarly = "Grafana may start before its data sources are there";

/** What somebody may change in the values, and what comes of it. */
const mistakes: readonly (readonly [string, (change: Editable) => void, string])[] = [
  [
    "an init container that never ends",
    ({ datasources }) => delete datasources["restartPolicy"],
    "Grafana waits for ever for a container that watches for ever",
  ],
  [
    "a native sidecar that is not waited for",
    ({ datasources }) => delete datasources["startupProbe"],
    tooEarly,
  ],
  [
    "a probe of a path that k8s-sidecar does not serve",
    ({ datasources }) => (datasources["startupProbe"] = { httpGet: { path: "/", port: 8082 } }),
    tooEarly,
  ],
  [
    "a sidecar that starts beside Grafana",
    ({ datasources }) => delete datasources["initDatasources"],
    tooEarly,
  ],
  [
    "a folder annotation that only moves files",
    ({ dashboards }) => delete dashboards["provider"],
    "dashboards land in the folder General",
  ],
  [
    "another folder annotation than the dashboards carry",
    ({ dashboards }) => (dashboards["folderAnnotation"] = "folder"),
    "dashboards land in the folder General",
  ],
  [
    "a plugin from Grafana's catalogue, which has none of that name",
    ({ grafana }) => (grafana["plugins"] = ["openobserve"]),
    "OpenObserve's plugin is not installed",
  ],
  [
    "an unsigned plugin that nothing allows",
    ({ grafana }) => delete grafana["grafana.ini"],
    "OpenObserve's plugin is not loaded",
  ],
  [
    "no credentials",
    ({ grafana }) => delete grafana["envFromSecret"],
    "Grafana has no user and password of OpenObserve",
  ],
  [
    "no remote write receiver",
    ({ prometheus }) => delete prometheus["enableRemoteWriteReceiver"],
    "Prometheus refuses Tempo's metrics",
  ],
  [
    "no storage of exemplars",
    ({ prometheus }) => (prometheus["enableFeatures"] = []),
    "Prometheus drops exemplars",
  ],
  [
    "a Prometheus that selects the ServiceMonitors of its Helm release alone",
    ({ prometheus }) => (prometheus["serviceMonitorSelectorNilUsesHelmValues"] = true),
    "Prometheus may not select the ServiceMonitor",
  ],
  [
    "a Prometheus that selects the rules of its Helm release alone, as is the default",
    ({ prometheus }) => delete prometheus["ruleSelectorNilUsesHelmValues"],
    "Prometheus may not select the rules",
  ],
];

type Section = Record<string, unknown>;
type Editable = Record<"prometheus" | "grafana" | "dashboards" | "datasources", Section>;

const editable = (changed: ChartValues): Editable => {
  const { grafana, prometheus } = changed as { grafana: Section; prometheus: Section };
  const sidecar = grafana["sidecar"] as Record<string, Section>;
  return {
    grafana,
    prometheus: prometheus["prometheusSpec"] as Section,
    dashboards: sidecar["dashboards"]!,
    datasources: sidecar["datasources"]!,
  };
};

describe("the chart values of the README", () => {
  it("start Grafana, with data sources, dashboards and credentials", () => {
    assert.deepEqual(valueProblems(values()), []);
  });

  for (const [what, change, problem] of mistakes) {
    it(`are told from ${what}`, () => {
      const changed = values();
      change(editable(changed));
      assert.deepEqual(valueProblems(changed), [problem]);
    });
  }

  it("name a Secret that the command before them makes, with the variables that the data sources refer to", () => {
    const command = /kubectl -n (\S+) create secret generic (\S+)[\s\S]*?```/.exec(
      readme.slice(0, readme.indexOf("prometheusSpec")),
    )!;
    const [block, namespace, name] = command;
    const keys = [...block.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key);
    assert.equal(name, values().grafana!.envFromSecret);
    const { grafana, openobserve } = parseSettings({ environment: "any" });
    assert.equal(namespace, grafana.namespace);
    assert.deepEqual(keys, [openobserve.userEnv, openobserve.passwordEnv]);
  });
});
