import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { tempoArgs } from "../../assembly/wiring.ts";
import { tempoConfig } from "../../components/tempo/config.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { merge } from "../../engine/overrides.ts";
import { sandboxSettings, tempoModes, withoutRoles } from "../../sandbox/settings.ts";
import type { RolePod } from "../../sandbox/deployed-roles.ts";
import { hostsOf } from "../../sandbox/distributed.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { addressesFor } from "../../sandbox/loopback.ts";
import { statesIn } from "../../sandbox/partition-ring.ts";
import { externalOf, roleOverlay } from "../../sandbox/tempo-overlay.ts";
import { roleProcess, variablesOf } from "../../sandbox/tempo-role.ts";
import { parseSettings } from "../../settings.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import { flat } from "../components/tempo/flat.ts";

const sections = {
  kafka: { address: "kafka.kafka.svc:9092", credentialsSecret: { name: "kafka" } },
  tempo: {
    mode: "distributed",
    otlpTls: { secretName: "tls" },
    storage: { backend: "s3", bucket: "traces", endpoint: "minio.storage.svc:9000" },
  },
};

const deployed = tempoConfig(tempoArgs(parseSettings({ environment: "dev", ...sections })));
const text = stringify(deployed);
const folder = "/home/me/.sandbox/tempo-querier-x";
const address = "127.34.5.6";
const place = { folder, address, prometheusUrl: "http://127.0.0.1:30005" };

describe("the configuration of a role in the sandbox", () => {
  const before = flat(deployed);
  const after = flat(parse(roleOverlay(text, place)));

  it("has addresses and files of its own, and is otherwise as deployed", () => {
    const changed = [...after].filter(([key, value]) => before.get(key) !== value);
    const files = changed.filter(([, value]) => String(value).startsWith(folder)).map(([key]) => key);
    assert.deepEqual(files.toSorted(), [
      "backend_scheduler.local_work_path",
      "live_store.shutdown_marker_dir",
      "live_store.wal.path",
      "metrics_generator.storage.path",
      "storage.trace.wal.path",
    ]);
    assert.deepEqual(Object.fromEntries(changed.filter(([key]) => !files.includes(key))), {
      "server.http_listen_address": address,
      "server.grpc_listen_address": address,
      "distributor.receivers.otlp.protocols.grpc.endpoint": `${address}:4317`,
      "distributor.receivers.otlp.protocols.http.endpoint": `${address}:4318`,
      "memberlist.bind_addr.0": address,
      "metrics_generator.storage.remote_write.0.url": "http://127.0.0.1:30005/api/v1/write",
      "storage.trace.s3.insecure": true,
      "storage.trace.s3.forcepathstyle": true,
    });
  });

  it("waits less where it is hurried, and is otherwise the same", () => {
    const hurried = flat(parse(roleOverlay(text, { ...place, hurried: true })));
    const changed = [...hurried].filter(([key, value]) => after.get(key) !== value);
    assert.deepEqual(Object.fromEntries(changed), {
      "block_builder.consume_cycle_duration": "30s",
      "live_store.partition_ring.delete_inactive_partition_after": "60s",
      "storage.trace.blocklist_poll": "30s",
    });
    assert.deepEqual(
      [...after.keys()].filter((key) => !hurried.has(key)),
      [],
    );
  });

  it("loses only certificates, and who it is to Kafka", () => {
    const lost = [...before.keys()].filter((key) => !after.has(key) && !key.includes(".tls."));
    assert.deepEqual(lost, ["ingest.kafka.sasl_username", "ingest.kafka.sasl_password"]);
    assert.ok([...before.keys()].some((key) => key.includes(".tls.")));
  });

  it("says where Kafka and the bucket are expected", () => {
    assert.deepEqual(externalOf(text), {
      kafka: { host: "kafka.kafka.svc", port: 9092, topic: "tempo-ingest" },
      storage: { host: "minio.storage.svc", port: 9000, bucket: "traces" },
    });
  });
});

const pod = (name: string, service: string): RolePod => ({
  name,
  namespace: "tracing",
  role: "querier",
  arguments: ["-target=querier", "-config.file=/etc/tempo/tempo.yaml"],
  environment: [
    { name: "GOMEMLIMIT", value: "1GiB" },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    { name: "AWS_ACCESS_KEY_ID", valueFrom: { secretKeyRef: { name: "bucket", key: "id" } } },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "other", key: "password" } } },
  ],
  configMap: "tempo-config",
  hostNames: [name, service],
});

describe("a role as a process", () => {
  const querier = pod("tempo-querier-x", "tempo-querier.tracing.svc");

  it("has the variables of its pod, with its own address and the sandbox's keys", () => {
    assert.deepEqual(variablesOf(querier, address), {
      GOMEMLIMIT: "1GiB",
      POD_IP: address,
      AWS_ACCESS_KEY_ID: "sandbox",
      AWS_SECRET_ACCESS_KEY: "sandbox-secret",
      PASSWORD: "sandbox",
    });
  });

  for (const [who, uid, begins] of [
    ["root", 0, ["--mount", "--uts"]],
    ["anybody else", 1000, ["--user", "--map-root-user", "--mount", "--uts"]],
  ] as const) {
    it(`gets a host name and the deployed arguments when ${who} starts it`, () => {
      const tools = { tempo: "/bin/tempo" } as ToolPaths;
      const { arguments: words } = roleProcess(
        querier,
        address,
        sandboxFolder("/home/me/.sandbox"),
        tools,
        uid,
      );
      assert.deepEqual(words.slice(0, begins.length), begins);
      assert.deepEqual(words.slice(-5), [
        "/home/me/.sandbox/hosts",
        "tempo-querier-x",
        "/bin/tempo",
        "-target=querier",
        "-config.file=/home/me/.sandbox/tempo-querier-x.yaml",
      ]);
    });
  }
});

describe("the sandbox of a distributed Tempo", () => {
  const named = process.env["TEMPO_BIN"];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "tempo-"));
    process.env["TEMPO_BIN"] = path.join(folder, "tempo");
  });

  afterEach(() => {
    if (named === undefined) delete process.env["TEMPO_BIN"];
    else process.env["TEMPO_BIN"] = named;
    rmSync(folder, { recursive: true });
  });

  const saying = (version: string) =>
    writeFileSync(path.join(folder, "tempo"), `#!/bin/sh\necho 'tempo, version ${version}'\n`, {
      mode: 0o755,
    });

  for (const version of ["2.8.0-rc", "3.0.3"]) {
    it(`has settings that are taken, with a Tempo ${version} at hand`, async () => {
      saying(version);
      for (const environment of ["dev", "staging", "prod"]) {
        const { tempo, kafka } = environmentSettings(environment, await sandboxSettings("distributed"));
        assert.deepEqual(
          [tempo.mode, tempo.line, kafka?.address],
          ["distributed", "3.0", "kafka.kafka.svc:9092"],
        );
      }
    });
  }

  const anywhere = {
    environment: "prod",
    cluster: { context: "prod" },
    kafka: { address: "kafka.kafka.svc:9092", partitions: 4 },
  };

  for (const [storage, keys] of Object.entries({
    s3: {
      bucket: "traces",
      endpoint: "s3.eu-central-1.amazonaws.com",
      credentialsSecret: { name: "bucket" },
    },
    gcs: { bucket: "traces" },
    azure: { container: "traces", account: "acme" },
  })) {
    const roles = { querier: { replicas: 3 } };
    const tempo = { mode: "distributed", roles, storage: { backend: storage, ...keys } };

    for (const mode of tempoModes) {
      it(`has settings for a ${mode} Tempo where an environment has a distributed one, with blocks in ${storage}`, async () => {
        saying("3.0.3");
        const laidOver = merge({ ...anywhere, tempo }, await sandboxSettings(mode));
        const { kafka, ...settings } = parseSettings(laidOver);
        assert.deepEqual(
          [settings.tempo.mode, kafka !== undefined, settings.tempo.roles.querier.replicas],
          mode === "monolithic" ? [mode, false, undefined] : [mode, true, 3],
        );
      });
    }
  }

  it("says why it starts no roles with a Tempo 2", async () => {
    saying("2.8.0-rc");
    assert.match((await withoutRoles())!, /^the Tempo at hand is 2\.8\.0.*TEMPO_BIN/);
  });

  it("blames no Tempo 3", async () => {
    saying("3.0.3");
    assert.doesNotMatch((await withoutRoles()) ?? "", /the Tempo at hand/);
  });
});

describe("the partitions of a distributed Tempo", () => {
  it("are told apart by their state: one that is written to no more is not active", () => {
    const partitions = [1, 2, 3].map((state, id) => ({ id, state }));
    assert.deepEqual(statesIn({ partitions }), { 0: "pending", 1: "active", 2: "inactive" });
  });
});

describe("addresses on the loopback", () => {
  const known = { kafka: "127.34.5.2", "tempo-querier-x": "127.34.5.3", "tempo-querier-y": "127.34.5.4" };

  it("stay with whom they were given to, and are given again when nobody has them", () => {
    assert.deepEqual(
      addressesFor("127.34.5", known, ["tempo-querier-z", "tempo-querier-y", "kafka", "new"]),
      {
        "tempo-querier-z": "127.34.5.3",
        "tempo-querier-y": "127.34.5.4",
        kafka: "127.34.5.2",
        new: "127.34.5.5",
      },
    );
  });

  it("are all found by a name that several pods have", () => {
    const service = "tempo-querier.tracing.svc";
    const addresses = { ...known, "object-storage": "127.34.5.9" };
    const pods = [pod("tempo-querier-x", service), pod("tempo-querier-y", service)];
    assert.deepEqual(hostsOf(addresses, pods, externalOf(text)).trim().split("\n"), [
      "127.0.0.1 localhost",
      "127.34.5.2 kafka.kafka.svc",
      "127.34.5.9 minio.storage.svc",
      "127.34.5.3 tempo-querier-x",
      "127.34.5.3 tempo-querier.tracing.svc",
      "127.34.5.4 tempo-querier-y",
      "127.34.5.4 tempo-querier.tracing.svc",
    ]);
  });
});
