import assert from "node:assert/strict";
import { parse } from "yaml";
import { objectOf, run, type Run } from "../../program/run.ts";

const own = { tempo: "traces-1", prometheus: "metrics-1", openobserve: "logs-1" };

const sections = {
  grafana: {
    datasources: {
      tempo: { uid: own.tempo },
      prometheus: { uid: own.prometheus },
      openobserve: { uid: own.openobserve },
    },
  },
};

interface Provisioned {
  readonly datasources: readonly { readonly uid: string; readonly type: string }[];
}

const provisioned = (result: Run): Provisioned =>
  parse(objectOf(result, "Secret").stringData!["llm-tracing-datasources.yaml"]!) as Provisioned;

/** Every place that names a data source, in any object, URLs included; `${…}` is a dashboard variable. */
function referenced(value: unknown, key = ""): string[] {
  if (typeof value === "string") {
    const panes = /[?&]panes=([^&]+)/.exec(value)?.[1];
    if (panes) return referenced(JSON.parse(decodeURIComponent(panes.replaceAll("$$", "$"))));
    return ["datasourceUid", "targetUID", "datasource"].includes(key) ? [value] : [];
  }
  if (value === null || typeof value !== "object") return [];
  if (key === "datasource" && "uid" in value) return [String(value.uid)];
  return Object.entries(value).flatMap(([name, member]) =>
    referenced(member, Array.isArray(value) ? key : name),
  );
}

interface Dashboard {
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string;
      readonly current: { readonly value: string };
    }[];
  };
}

describe("uids of data sources", () => {
  let result: Run;
  let dashboard: Dashboard;

  before(async () => {
    result = await run("dev", sections);
    const { data } = objectOf(result, "ConfigMap", "llm-tracing-dashboard");
    dashboard = JSON.parse(data!["llm-tracing-dashboard.json"]!) as Dashboard;
  });

  it("that another data source names are provisioned with it, in one Secret", () => {
    const file = provisioned(result);
    const uids = new Set(file.datasources.map(({ uid }) => uid));
    assert.deepEqual([...uids], Object.values(own));
    const named = referenced(file);
    assert.ok(named.length >= 6, named.join());
    for (const uid of named) assert.ok(uids.has(uid), uid);
  });

  it("that the dashboard names are its variables, each preset to one that is provisioned, of its type", () => {
    const variables = dashboard.templating.list.filter(({ type }) => type === "datasource");
    const names = variables.map(({ name }) => `\${${name}}`);
    // Arithmetic on a panel's queries has no data source to be provisioned.
    const named = new Set(referenced(dashboard).filter((uid) => uid !== "__expr__"));
    assert.deepEqual([...named].toSorted(), names.toSorted());
    const types = new Map(provisioned(result).datasources.map(({ uid, type }) => [uid, type]));
    for (const { query, current } of variables) assert.equal(types.get(current.value), query);
  });

  it("are those of the settings everywhere: no default is left behind", () => {
    const text = JSON.stringify([result.objects, result.outputs]);
    assert.deepEqual(text.match(/llm-tracing-(tempo|prometheus|openobserve)/g), null);
  });
});

describe("what Grafana's sidecars look for", () => {
  it("is there: label, one key of our own, in the namespace that they watch", async () => {
    const result = await run("dev", { grafana: { namespace: "grafana", folder: "AI" } });
    const secret = objectOf(result, "Secret");
    assert.equal(secret.metadata.namespace, "grafana");
    assert.equal(secret.metadata.labels["grafana_datasource"], "1");
    assert.deepEqual(Object.keys(secret.stringData!), ["llm-tracing-datasources.yaml"]);
    const map = objectOf(result, "ConfigMap", "llm-tracing-dashboard");
    assert.equal(map.metadata.namespace, "grafana");
    assert.equal(map.metadata.labels["grafana_dashboard"], "1");
    assert.equal(map.metadata.annotations["grafana_folder"], "AI");
    assert.deepEqual(Object.keys(map.data!), ["llm-tracing-dashboard.json"]);
  });
});
