import assert from "node:assert/strict";
import { parseSettings } from "../../settings.ts";

describe("settings with nothing but an environment", () => {
  const settings = parseSettings({ environment: "dev" });

  it("are complete: no number is missing or not one", () => {
    const holes = leaves(settings).filter(({ value }) => value === null || Number.isNaN(value));
    assert.deepEqual(holes, []);
  });

  it("fit kube-prometheus-stack in its usual namespace", () => {
    assert.equal(settings.prometheus.url, "http://prometheus-operated.monitoring.svc:9090");
    assert.equal(settings.grafana.namespace, "monitoring");
    assert.deepEqual(settings.grafana.podLabels, { "app.kubernetes.io/name": "grafana" });
    assert.deepEqual(settings.prometheus.podLabels, { "app.kubernetes.io/name": "prometheus" });
  });

  it("keep secrets out of state: the password comes from Grafana's environment", () => {
    assert.equal(settings.openobserve.passwordEnv, "OPENOBSERVE_PASSWORD");
    assert.equal(settings.grafana.delivery, "sidecar");
  });

  it("fill a section of which one key is given with that section's other defaults", () => {
    const { tempo } = parseSettings({ environment: "dev", tempo: { volume: { size: "30Gi" } } });
    assert.deepEqual(tempo, {
      ...settings.tempo,
      volume: { ...settings.tempo.volume, size: { amount: 30 * 2 ** 30, text: "30Gi" } },
    });
  });

  it("take a trailing slash off URLs, which others append paths to", () => {
    const { prometheus } = parseSettings({
      environment: "dev",
      prometheus: { url: "http://prom:9090/sub//" },
    });
    assert.equal(prometheus.url, "http://prom:9090/sub");
  });
});

const leaves = (value: unknown, path = ""): { path: string; value: unknown }[] =>
  value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([key, member]) => leaves(member, `${path}.${key}`))
    : [{ path, value }];
