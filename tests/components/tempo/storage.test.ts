import assert from "node:assert/strict";
import { configOf } from "./flat.ts";

const storages = {
  local: { backend: "local" },
  s3: { backend: "s3", bucket: "traces", endpoint: "s3.eu-central-1.amazonaws.com", region: "eu-central-1" },
  minio: {
    backend: "s3",
    bucket: "traces",
    endpoint: "minio.minio.svc:9000",
    insecure: true,
    pathStyle: true,
  },
  gcs: { backend: "gcs", bucket: "traces" },
  azure: { backend: "azure", container: "traces", account: "acme" },
} as const;

/** Keys of Tempo 2 with which Tempo 3.0 does not start: docs/sources/tempo/set-up-for-tracing/setup-tempo/upgrade.md. */
const goneIn3: readonly RegExp[] = [
  /^ingester(_client)?\b/,
  /^compactor\b/,
  /^metrics_generator_client\b/,
  /^partition_ring_live_store\b/,
  /^auth_enabled$/,
  /^ingest\.enabled$/,
  /^querier\.query_live_store$/,
  /^query_frontend\.(rf1_after|search\.query_ingesters_until)$/,
  /^metrics_generator\.traces_storage\b/,
  /^metrics_generator\.processor\.local_blocks\b/,
  /^block_builder\.block\.version$/,
  /^live_store\.block_config\b/,
];

/** Keys of Tempo 3 that Tempo 2.10 does not know. */
const unknownTo2: readonly RegExp[] = [/^live_store\b/, /^backend_(worker|scheduler)\b/, /^memory\b/];

/** Overrides that are not below a scope: either line refuses to start with them unless told otherwise. */
const flatOverride = /^overrides\.(?!defaults\.)/;

for (const [backend, storage] of Object.entries(storages)) {
  describe(`Tempo's configuration on ${backend} storage`, () => {
    it("has nothing for 3.0 that 3.0 has removed", () => {
      const found = [...configOf({ tempo: { storage } }).keys()].filter((key) =>
        [...goneIn3, flatOverride].some((gone) => gone.test(key)),
      );
      assert.deepEqual(found, []);
    });

    it("has nothing for 2.10 that came with 3.0", () => {
      const found = [...configOf({ tempo: { storage, line: "2.10" } }).keys()].filter((key) =>
        [...unknownTo2, flatOverride].some((unknown) => unknown.test(key)),
      );
      assert.deepEqual(found, []);
    });

    it("names the backend, its keys alone, and the write-ahead log on the data volume", () => {
      const config = configOf({ tempo: { storage } });
      assert.equal(config.get("storage.trace.backend"), storage.backend);
      assert.ok(String(config.get("storage.trace.wal.path")).startsWith("/var/tempo/"));
      const sections = new Set(
        [...config.keys()].map((key) => /^storage\.trace\.([a-z0-9]+)\./.exec(key)?.[1]).filter(Boolean),
      );
      assert.deepEqual([...sections].toSorted(), [storage.backend, "wal"].toSorted());
    });

    it("writes to no folder but the data volume: the root is read-only", () => {
      const places = [...configOf({ tempo: { storage } })].filter(
        ([key, value]) =>
          /(path|_dir)$/.test(key) &&
          // What Tempo would leave there must not come to be.
          !key.endsWith("shutdown_marker_dir") &&
          typeof value === "string" &&
          value.startsWith("/"),
      );
      assert.ok(places.length > 3);
      for (const [key, value] of places) assert.match(String(value), /^\/var\/tempo(\/|$)/, key);
    });
  });
}

describe("Tempo's storage", () => {
  it("has no key of a storage: Tempo takes it from the environment or the workload's identity", () => {
    for (const storage of Object.values(storages)) {
      const keys = [...configOf({ tempo: { storage } }).keys()];
      assert.deepEqual(
        keys.filter((key) => /access_key|secret|account_key|token$/.test(key) && !/federated/.test(key)),
        [],
      );
    }
  });
});
