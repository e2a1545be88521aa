import assert from "node:assert/strict";
import { parse } from "yaml";
import { distributedSettings } from "../../cli/audit/distributed.ts";
import { merge, type SettingsTree } from "../../engine/overrides.ts";
import { topicSettings } from "../../sandbox/kafka.ts";
import { parseSettings } from "../../settings.ts";
import { kafkaReplication, kafkaRetentionSeconds } from "../../telemetry/capacity.ts";
import { blocksOf, manifestsOf, textOf } from "./blocks.ts";

const file = "docs/scale.md";

/** What the page makes a topic of. */
interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

const texts = (config: object): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));

const distributed = (tempo: SettingsTree = {}) =>
  parseSettings({ environment: "dev", ...merge(distributedSettings, { tempo }) });

function byCommand(): Topic {
  const command = blocksOf(textOf(file), "bash")
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .find((line) => line.includes("--create"))!;
  const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)![1]!;
  return {
    name: option("topic"),
    partitions: Number(option("partitions")),
    replicas: Number(option("replication-factor")),
    config: Object.fromEntries(
      [...command.matchAll(/--config ([^\s=]+)=(\S+)/g)].map(([, key, value]) => [key, value]),
    ) as Record<string, string>,
  };
}

function byStrimzi(): Topic {
  const { apiVersion, metadata, spec } = manifestsOf(file).find(({ kind }) => kind === "KafkaTopic")!;
  assert.equal(apiVersion, "kafka.strimzi.io/v1");
  const { partitions, replicas, config } = spec as Topic;
  return { name: metadata.name, partitions, replicas, config: texts(config) };
}

describe("the autoscalers of docs/scale.md", () => {
  it("are settings that are taken", () => {
    const [block] = blocksOf(textOf(file), "yaml").filter((each) => each.includes("autoscale"));
    const { config } = parse(block!) as { config: Readonly<Record<string, SettingsTree>> };
    const { roles } = distributed(config["llm-tracing:tempo"]).tempo;
    assert.deepEqual(
      [roles.distributor.autoscale, roles.querier.autoscale],
      [
        { max: 40, cpu: 70 },
        { max: 40, cpu: 60 },
      ],
    );
  });
});

describe("the topic of docs/scale.md", () => {
  const topic = byCommand();

  it("is the same by Kafka's command and by Strimzi's object", () => assert.deepEqual(byStrimzi(), topic));

  it("is kept and takes as much as that of the sandbox", () => {
    const { "retention.ms": retention, "max.message.bytes": size } = topic.config;
    assert.deepEqual({ "retention.ms": retention, "max.message.bytes": size }, texts(topicSettings));
  });

  it("has the copies and the time by which Kafka's disks are computed", () => {
    assert.equal(topic.replicas, kafkaReplication);
    assert.equal(Number(topic.config["retention.ms"]), kafkaRetentionSeconds * 1000);
    assert.ok(Number(topic.config["min.insync.replicas"]) < topic.replicas);
  });

  it("is the one that the settings have unless they name another", () => {
    assert.equal(topic.name, distributed().kafka!.topic);
  });
});
