import assert from "node:assert/strict";
import { collectorArgs } from "../../../assembly/wiring.ts";
import { collectorConfig } from "../../../components/collector/config.ts";
import { collectorObjects } from "../../../components/collector/objects.ts";
import { collectorPolicy } from "../../../components/collector/network.ts";
import { parseSettings } from "../../../settings.ts";

const argsOf = (openobserve: object) => collectorArgs(parseSettings({ environment: "dev", openobserve }));

const credentialsSecret = { name: "openobserve-writer" };

describe("the collector's way to OpenObserve", () => {
  it("is not there without a Secret: no pipeline, no variable, no traffic", () => {
    const [without, withSecret] = [argsOf({}), argsOf({ credentialsSecret })];
    const { exporters, service } = collectorConfig(without);
    assert.deepEqual(["otlp_http/openobserve" in exporters, service.pipelines.logs], [false, undefined]);
    assert.equal(JSON.stringify(collectorObjects(without)).includes("OPENOBSERVE"), false);
    const edges = (args: typeof without) => collectorPolicy(args, {}).egress as readonly object[];
    assert.equal(edges(withSecret).length, edges(without).length + 1);
  });

  it("writes to the organization and the stream of the settings, with the whole header from the environment", () => {
    const { exporters } = collectorConfig(
      argsOf({
        organization: "acme & sons",
        stream: "chat",
        url: "https://logs.example.org/o2/",
        credentialsSecret,
      }),
    );
    const { endpoint, headers } = exporters["otlp_http/openobserve"] as { endpoint: string; headers: object };
    assert.equal(endpoint, "https://logs.example.org/o2/api/acme%20%26%20sons");
    assert.deepEqual(headers, { Authorization: "${env:OPENOBSERVE_AUTHORIZATION}", "stream-name": "chat" });
  });

  it("takes the header from the Secret's key", () => {
    const text = JSON.stringify(
      collectorObjects(argsOf({ credentialsSecret: { name: "w", key: "k" } })).statefulSet,
    );
    assert.ok(
      text.includes(
        '{"name":"OPENOBSERVE_AUTHORIZATION","valueFrom":{"secretKeyRef":{"name":"w","key":"k"}}}',
      ),
    );
  });

  it("leads to the pods behind a Service, by their labels and port where these are known", () => {
    const url = "http://openobserve.logging.svc";
    const { egress } = collectorPolicy(
      argsOf({ url, podPort: 5080, podLabels: { app: "openobserve" }, credentialsSecret }),
      {},
    );
    assert.deepEqual(
      (egress as readonly { ports: { port: number }[] }[]).find(({ ports }) => ports[0]!.port === 5080),
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "logging" } },
            podSelector: { matchLabels: { app: "openobserve" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 5080 }],
      },
    );
  });

  it("keeps lines on disk until OpenObserve has taken them, for as long as it takes", () => {
    const exporter = collectorConfig(argsOf({ credentialsSecret })).exporters[
      "otlp_http/openobserve"
    ] as Record<string, Record<string, unknown>>;
    assert.equal(exporter["sending_queue"]!["storage"], "file_storage");
    assert.equal(exporter["retry_on_failure"]!["max_elapsed_time"], "0s");
  });
});
