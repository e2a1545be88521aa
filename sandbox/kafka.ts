import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { connect } from "node:net";
import { UserError } from "../errors.ts";
import type { Guard } from "../processes/guard.ts";
import { kafkaLauncher } from "../tools/kafka.ts";
import type { SandboxFolder } from "./folder.ts";
import { startProcess } from "./service.ts";

/** A broker of Kafka's on this machine. */
export interface KafkaPlace {
  readonly folder: SandboxFolder;
  /** Folder of its jars. */
  readonly jars: string;
  /** Where it listens: a loopback address, and its port. Its controller has the next port. */
  readonly address: string;
  readonly port: number;
}

/** A topic as docs/scale.md has it made. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
}

/** Its process's name. */
export const kafkaName = "kafka";

/** What docs/scale.md asks of the topic. */
export const topicSettings = { "retention.ms": 86_400_000, "max.message.bytes": 16_000_000 };

/** Starts a broker that is its own controller, and waits until it takes connections. What it held is still there. */
export async function startKafka(place: KafkaPlace, guard: Guard): Promise<void> {
  const { folder, address, port } = place;
  const data = path.join(folder.root, kafkaName);
  mkdirSync(data, { recursive: true });
  const file = path.join(folder.root, `${kafkaName}.properties`);
  writeFileSync(file, properties(place, data));
  if (!existsSync(path.join(data, "meta.properties"))) {
    await run(
      place,
      "kafka.tools.StorageTool",
      ...["format", "--cluster-id", "c2FuZGJveC1zYW5kYm94MQ", "--config", file],
    );
  }
  await startProcess(
    {
      name: kafkaName,
      command: kafkaLauncher,
      arguments: [place.jars, "kafka.Kafka", file],
      directory: folder.root,
      environment: {},
      logs: folder.logs,
      recordIn: folder.run,
      isHealthy: () => takesConnections(address, port),
      deadlineSeconds: 120,
    },
    guard,
  );
}

const properties = ({ address, port }: KafkaPlace, data: string): string =>
  Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${address}:${port + 1}`,
    listeners: `PLAINTEXT://${address}:${port},CONTROLLER://${address}:${port + 1}`,
    "advertised.listeners": `PLAINTEXT://${address}:${port}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": data,
    "auto.create.topics.enable": false,
    // There is one broker.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "group.initial.rebalance.delay.ms": 0,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");

/** Makes a topic with Kafka's own command; one that has fewer partitions gets more. */
export async function ensureTopic(place: KafkaPlace, { name, partitions }: Topic): Promise<void> {
  const topics = (...words: string[]) =>
    run(
      place,
      "org.apache.kafka.tools.TopicCommand",
      ...["--bootstrap-server", `${place.address}:${place.port}`, "--topic", name, ...words],
    );
  const described = await topics("--describe").catch(() => "");
  const there = Number(/PartitionCount: (\d+)/.exec(described)?.[1] ?? 0);
  const wanted = ["--partitions", String(partitions)];
  if (there === 0) {
    const settings = Object.entries(topicSettings).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    await topics("--create", ...wanted, "--replication-factor", "1", ...settings);
  } else if (there < partitions) {
    await topics("--alter", ...wanted);
  }
}

async function run({ jars }: KafkaPlace, ...words: string[]): Promise<string> {
  const options = { timeout: 120_000 };
  const { stdout } = await promisify(execFile)(kafkaLauncher, [jars, ...words], options).catch(
    (error: unknown) => {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-5).join("\n");
      throw new UserError(`Kafka's ${words[0]} failed:\n${said || String(error)}`);
    },
  );
  return stdout;
}

/** Whether somebody listens there. */
function takesConnections(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: 2000 });
  const end = (connected: boolean) => {
    socket.destroy();
    resolve(connected);
  };
  socket.once("connect", () => end(true));
  for (const event of ["error", "timeout"]) socket.once(event, () => end(false));
  return promise;
}
