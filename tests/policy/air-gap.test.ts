import assert from "node:assert/strict";
import { contextOf } from "../../policy/context.ts";
import { declaredHosts } from "../../policy/hosts.ts";
import { textsIn, type KubernetesObject } from "../../policy/rule.ts";
import { run, type Run, type Sections } from "../program/run.ts";

/** Every address that settings have, of a network without internet. */
const inside = {
  images: { mirror: "registry.corp.internal:5000/mirror" },
  prometheus: {
    url: "https://prometheus.corp.internal",
    remoteWriteUrl: "https://mimir.corp.internal:8443/push",
  },
  openobserve: { url: "https://openobserve.corp.internal", user: "reader" },
  grafana: { url: "https://grafana.corp.internal/grafana" },
} as const satisfies Sections;
const storage = { backend: "s3", bucket: "traces", endpoint: "s3.corp.internal:9000" };

const named = [
  ...["grafana", "mimir", "openobserve", "prometheus", "registry", "s3"].map(
    (name) => `${name}.corp.internal`,
  ),
  "otel.tracing.svc",
  "tempo.tracing.svc",
].toSorted();

/** Domains of keys and API versions, and a path of Open WebUI's, which nobody asks over a network. */
const noHosts = /^(.*\.)?(k8s\.io|kubernetes\.io)$|^(monitoring\.coreos\.com|prometheus\.io)$|^socket\.io$/;

/** All that looks like a host's name, with or without a scheme. Keys are no addresses. */
function hostsOf({ resources, outputs }: Pick<Run, "resources" | "outputs">): string[] {
  const name =
    /(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|cloud|sh|app|ai|co|eu|internal|svc)(?![\w.-])/gi;
  const found = textsIn([resources.map(({ inputs }) => inputs), outputs])
    .flatMap(({ text }) => text.match(name) ?? [])
    .filter((host) => !noHosts.test(host));
  return [...new Set(found)].sort();
}

const variants: Readonly<Record<string, Sections>> = {
  "sidecars in Grafana": { ...inside, tempo: { storage } },
  "an older line of Tempo": { ...inside, tempo: { storage, line: "2.10" } },
  "a pinned image of another registry": {
    ...inside,
    images: { ...inside.images, requireDigest: true },
    collector: { image: `quay.io/otel/collector:0.160.0@sha256:${"b".repeat(64)}` },
    tempo: { storage, image: `quay.io/grafana/tempo:3.0.4@sha256:${"a".repeat(64)}` },
  },
  "Grafana's API": {
    ...inside,
    grafana: { ...inside.grafana, delivery: "api" },
    tempo: { storage },
    openobservePassword: "kept-in-the-stack",
  },
};

describe("with a mirror and addresses inside alone, the stack", () => {
  for (const [what, sections] of Object.entries(variants)) {
    it(`names no host but those, with ${what}`, async () => {
      assert.deepEqual(hostsOf(await run("dev", sections)), named);
    });

    it(`passes the policy, with ${what}`, async () => {
      const { kubernetes, settings } = await run("dev", sections);
      const objects = kubernetes as unknown as KubernetesObject[];
      assert.deepEqual(declaredHosts.check(objects, contextOf(settings)), []);
    });
  }

  it("would be seen to name another", async () => {
    const { resources, outputs } = await run("dev", { ...inside, images: {}, tempo: { storage } });
    const planted = { inputs: { a: "see grafana.com/docs", b: 'href="//cdn.example.net/x.js"' } };
    const found = hostsOf({ resources: [...resources, { type: "", name: "", ...planted }], outputs });
    assert.deepEqual(
      found.filter((host) => !named.includes(host)),
      ["cdn.example.net", "docker.io", "grafana.com"],
    );
  });
});
