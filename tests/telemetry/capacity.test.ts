import assert from "node:assert/strict";
import fc from "fast-check";
import { capacityOf, monolithHolds, monolithOf, type RoleCapacity } from "../../telemetry/capacity.ts";
import { tempoRoles } from "../../telemetry/tempo-roles.ts";
import { recordedChat, type Traffic } from "../../telemetry/traffic.ts";

const options = { retentionSeconds: 14 * 86_400 };

const chats = (requestsPerMinute: number): Traffic => ({
  requestsPerMinute,
  spansPerRequest: recordedChat.spans,
  bytesPerSpan: recordedChat.bytesPerSpan,
});

/** Up to a hundred thousand requests a second. */
const traffics: fc.Arbitrary<Traffic> = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 6_000_000 }),
  spansPerRequest: fc.integer({ min: 1, max: 200 }),
  bytesPerSpan: fc.integer({ min: 1, max: 2000 }),
});

const numbersOf = (capacity: ReturnType<typeof capacityOf>) => ({
  partitions: capacity.partitions,
  ...capacity.bytesPerSecond,
  kafkaBytes: capacity.kafkaBytes,
  bucketBytes: capacity.bucketBytes,
  ...Object.fromEntries(tempoRoles.map((role) => [role, capacity.roles[role].replicas])),
  liveStoreDisk: capacity.roles["live-store"].disk,
});

const mebi = 2 ** 20;
const gibi = 2 ** 30;

describe("the capacity of a distributed Tempo", () => {
  it("is what Tempo's rules say, computed by hand for a thousand chats a second", () => {
    const { roles, ...rest } = capacityOf(chats(60_000), options);
    const average = (1000 * 82 + 1.5) * 470;
    assert.deepEqual(rest, {
      partitions: 20, // of 192.7 MB/s, 10 MB/s each
      bytesPerSecond: { average, peak: 5 * average },
      kafkaBytes: average * 86_400 * 3,
      bucketBytes: (average * 3600 * 0.205 + 145_000) * (14 * 24 + 7),
    });
    // 9.635 MB/s for a partition and a distributor, 1.927 MB/s for a querier, 9.635 MB/s for a worker: 96.35 % of each rule.
    const of = (
      replicas: number,
      cpu: [number, number],
      memory: [mebibytes: number, mebibytes: number],
      disk: number,
    ): RoleCapacity => ({
      replicas,
      cpu: { request: cpu[0], limit: cpu[1] },
      memory: { request: memory[0] * mebi, limit: memory[1] * mebi },
      disk: disk * gibi,
    });
    assert.deepEqual(roles, {
      distributor: of(20, [0.5, 1.95], [1856, 3712], 0),
      "live-store": of(20, [1, 1.95], [3712, 18432], 20),
      "block-builder": of(20, [0.5, 1], [4608, 9216], 5),
      "metrics-generator": of(20, [0.5, 1], [1024, 2048], 2),
      "query-frontend": of(2, [0.5, 1], [3712, 18432], 0),
      querier: of(20, [0.5, 1], [3712, 18432], 0),
      "backend-scheduler": of(1, [0.5, 1], [960, 2048], 1),
      "backend-worker": of(4, [0.5, 1], [960, 2048], 0),
    });
  });

  it("never becomes less with more traffic", () => {
    fc.assert(
      fc.property(traffics, fc.integer({ min: 1, max: 1_000_000 }), (traffic, more) => {
        const less = numbersOf(capacityOf(traffic, options));
        const greater = numbersOf(
          capacityOf({ ...traffic, requestsPerMinute: traffic.requestsPerMinute + more }, options),
        );
        for (const [what, number] of Object.entries(less))
          assert.ok(greater[what as "average"] >= number, what);
      }),
    );
  });

  it("has two of each role, and one scheduler, for no traffic to speak of", () => {
    const { partitions, roles } = capacityOf(chats(1), options);
    assert.equal(partitions, 2);
    for (const role of tempoRoles)
      assert.equal(roles[role].replicas, role === "backend-scheduler" ? 1 : 2, role);
  });

  it("gives no pod more than the rules do, and a limit that is no less than its request", () => {
    fc.assert(
      fc.property(traffics, (traffic) => {
        const { partitions, bytesPerSecond, roles } = capacityOf(traffic, options);
        assert.ok(bytesPerSecond.peak / partitions <= 10e6);
        assert.ok(bytesPerSecond.peak / roles.distributor.replicas <= 10e6);
        assert.ok(bytesPerSecond.average / roles.querier.replicas <= 2e6);
        for (const role of tempoRoles) {
          const { cpu, memory } = roles[role];
          assert.ok(0 < cpu.request && cpu.request <= cpu.limit && cpu.limit <= 2, role);
          assert.ok(
            0 < memory.request && memory.request <= memory.limit && memory.limit <= 20e9 + 64 * mebi,
            role,
          );
        }
      }),
    );
  });

  it("makes pods larger where partitions are fewer than the traffic wants", () => {
    const by = (partitions: number) => capacityOf(chats(60_000), { ...options, partitions });
    const [wanted, half] = [by(20), by(10)];
    assert.deepEqual(wanted, capacityOf(chats(60_000), options));
    assert.equal(half.partitions, 10);
    for (const role of ["live-store", "block-builder", "metrics-generator"] as const) {
      assert.equal(half.roles[role].replicas, 10, role);
      assert.ok(half.roles[role].cpu.request > wanted.roles[role].cpu.request, role);
      assert.ok(half.roles[role].memory.limit > wanted.roles[role].memory.limit, role);
    }
    assert.ok(half.roles["live-store"].disk > wanted.roles["live-store"].disk);
    assert.deepEqual(half.roles.distributor, wanted.roles.distributor);
  });

  it("keeps no more for more partitions than the traffic wants, and makes no pod smaller than the smallest", () => {
    const { bucketBytes, roles } = capacityOf(chats(30), { ...options, partitions: 50 });
    assert.equal(bucketBytes, capacityOf(chats(30), options).bucketBytes);
    const { replicas, cpu, memory } = roles["live-store"];
    assert.deepEqual(
      { replicas, cpu, memory },
      { replicas: 50, cpu: { request: 0.1, limit: 1 }, memory: { request: 256 * mebi, limit: 2 * gibi } },
    );
  });
});

describe("one process", () => {
  const one = (spansPerSecond: number, bytesPerSpan: number): Traffic => ({
    requestsPerMinute: 60 * (spansPerSecond - 1.5),
    spansPerRequest: 1,
    bytesPerSpan,
  });

  it("holds 25 MB a second at the peak, and no more", () => {
    assert.ok(monolithHolds(one(5000, 1000)));
    assert.ok(!monolithHolds(one(5000, 1001)));
  });

  it("holds 55,000 spans a second at the peak, and no more", () => {
    assert.ok(monolithHolds(one(11_000, 100)));
    assert.ok(!monolithHolds(one(11_001, 100)));
  });

  it("has the newest hour on its volume", () => {
    const bytesOfTheHour = 2.4 * ((10 * 82 + 1.5) * 470 * 3600 * 0.205 + 145_000);
    assert.equal(monolithOf(chats(600)).disk, Math.ceil((1.2 * bytesOfTheHour) / gibi) * gibi);
  });
});
