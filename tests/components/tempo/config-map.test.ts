import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import type { ConfigValue } from "../../../engine/stack-files.ts";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import { parseSettings } from "../../../settings.ts";
import { objectOf, run, type KubernetesObject } from "../../program/run.ts";

const configMap = async (
  tempo: Record<string, ConfigValue> = {},
  prometheus = {},
): Promise<KubernetesObject> => {
  const { kubernetes } = await run("dev", { tempo, prometheus });
  return kubernetes.find(({ data }) => data?.["tempo.yaml"])!;
};

describe("the ConfigMap of Tempo", () => {
  it("has a name that changes with its content and only then", async () => {
    const tempo = fc.record(
      {
        retention: fc.constantFrom("24h", "1d", "7d"),
        longestAnswer: fc.constantFrom("3m", "180s", "5m"),
        volume: fc.constantFrom<ConfigValue>({ size: "10Gi" }, { size: "20Gi" }),
        image: fc.constantFrom("mirror/tempo:3.0.3", "docker.io/grafana/tempo:3.0.2"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(tempo, tempo, async (one, other) => {
        const [a, b] = [await configMap(one), await configMap(other)];
        assert.equal(a.metadata.name === b.metadata.name, a.data!["tempo.yaml"] === b.data!["tempo.yaml"]);
      }),
      { numRuns: 15 },
    );
  });

  it("keeps its name when only what is around Tempo changes", async () => {
    const { name } = (await configMap()).metadata;
    assert.equal((await configMap({ volume: { size: "77Gi" } })).metadata.name, name);
    assert.notEqual((await configMap({ retention: "77h" })).metadata.name, name);
    assert.notEqual((await configMap({}, { remoteWriteUrl: "http://other:9090" })).metadata.name, name);
  });

  it("cannot be edited in place, and is the one that the pod mounts", async () => {
    const result = await run("dev", { tempo: { retention: "5d" } });
    const map = result.kubernetes.find(({ data }) => data?.["tempo.yaml"])!;
    assert.equal(map.immutable, true);
    const pod = objectOf(result, "StatefulSet", "tempo").spec as {
      template: { spec: { volumes: unknown[] } };
    };
    assert.deepEqual(pod.template.spec.volumes[0], {
      name: "config",
      configMap: { name: map.metadata.name },
    });
  });

  it("holds the configuration, whole, under the name that the pod's arguments give", async () => {
    const { data } = await configMap({ retention: "5d" });
    const settings = parseSettings({ environment: "dev", tempo: { retention: "5d" } });
    assert.deepEqual(
      parse(data!["tempo.yaml"]!),
      JSON.parse(JSON.stringify(tempoConfig(tempoArgs(settings)))),
    );
  });
});
