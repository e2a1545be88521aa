import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { objectOf, run, type Registration, type Run } from "./run.ts";

const sections = {
  grafana: { delivery: "api", url: "https://grafana.example.org/", folder: "AI platform" },
  openobserve: { user: "reader@example.org" },
  openobservePassword: { secure: "v1:c29tZXRoaW5n" },
};

describe("delivery through Grafana's API", () => {
  let result: Run;
  let grafana: readonly Registration[];

  before(async () => {
    result = await run("dev", sections);
    grafana = result.registrations.filter(({ type }) => type.startsWith("grafana:"));
  });

  const resource = (type: string, name: string) =>
    grafana.find((each) => each.type === `grafana:oss/${type}` && each.name === name)!;

  /** Inputs as the provider gets them. */
  const inputsOf = (type: string, name: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(resource(type, name).inputs).map(([key, value]) => [
        key,
        pulumi.runtime.unwrapRpcSecret(value) as unknown,
      ]),
    );

  it("creates a folder, the dashboards and three data sources, all through the provider of the settings", () => {
    assert.deepEqual(grafana.map(({ type, name }) => `${type} ${name}`).toSorted(), [
      "grafana:oss/dashboard:Dashboard llm-trace-dashboard",
      "grafana:oss/dashboard:Dashboard llm-tracing-dashboard",
      "grafana:oss/dashboard:Dashboard llm-tracing-health-dashboard",
      "grafana:oss/dataSource:DataSource openobserve",
      "grafana:oss/dataSource:DataSource prometheus",
      "grafana:oss/dataSource:DataSource tempo",
      "grafana:oss/folder:Folder folder",
    ]);
    const provider = result.registrations.find(({ type }) => type === "pulumi:providers:grafana")!;
    assert.equal(provider.inputs["url"], "https://grafana.example.org");
    for (const { name, provider: used } of grafana) assert.ok(used.startsWith(`${provider.urn}::`), name);
  });

  it("writes nothing for a sidecar: only Tempo is in the cluster", () => {
    assert.deepEqual(
      result.kubernetes.filter(({ kind }) => kind === "Secret"),
      [],
    );
    assert.deepEqual(
      [...new Set(result.kubernetes.map(({ metadata }) => metadata.namespace))],
      [undefined, "tracing"],
    );
    assert.deepEqual(
      result.kubernetes.filter(({ data }) => data && Object.keys(data).some((key) => key.endsWith(".json"))),
      [],
    );
  });

  it("makes the folder of the settings and the dashboard that the sidecar would load", async () => {
    const dashboard = resource("dashboard:Dashboard", "llm-tracing-dashboard");
    const file = objectOf(await run(), "ConfigMap", "llm-tracing-dashboard").data!;
    assert.deepEqual(
      JSON.parse(dashboard.inputs["configJson"] as string),
      JSON.parse(file["llm-tracing-dashboard.json"]!),
    );
    assert.equal(resource("folder:Folder", "folder").inputs["title"], "AI platform");
  });

  it("keeps `$` as it is, which only provisioning files double", () => {
    const json = inputsOf("dataSource:DataSource", "tempo")["jsonDataEncoded"] as string;
    assert.match(json, /\{\$__tags,/);
  });

  it("gives OpenObserve its user by name and its password as a secret, no variable that nobody fills in", () => {
    const { secureJsonDataEncoded, ...rest } = inputsOf("dataSource:DataSource", "openobserve");
    assert.equal(rest["basicAuthEnabled"], true);
    assert.equal(rest["basicAuthUsername"], "reader@example.org");
    assert.deepEqual(JSON.parse(secureJsonDataEncoded as string), { basicAuthPassword: "[secret]" });
    assert.doesNotMatch(JSON.stringify(rest), /\[secret\]|OPENOBSERVE_/);
    const { inputs } = resource("dataSource:DataSource", "openobserve");
    assert.ok(pulumi.runtime.isRpcSecret(inputs["secureJsonDataEncoded"]));
  });

  it("has the uids that the dashboards' variables and the outputs name", () => {
    const { datasourceUids } = result.outputs;
    for (const [key, uid] of Object.entries(datasourceUids)) {
      assert.equal(inputsOf("dataSource:DataSource", key)["uid"], uid);
    }
  });
});
