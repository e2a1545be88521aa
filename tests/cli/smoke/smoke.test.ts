import assert from "node:assert/strict";
import { smokePrefix } from "../../../telemetry/smoke.ts";
import { environmentSettings } from "../../../engine/environment-settings.ts";
import { causeOfMissingNode } from "../../../cli/smoke/causes.ts";
import { probe } from "../../../cli/smoke/probe.ts";
import type { SmokeReport } from "../../../cli/smoke/result.ts";
import { checkNames, smoke } from "../../../cli/smoke/run.ts";
import { fakeStack, probeCalls, probeEdges, vector, type Misbehaviour } from "./fake-stack.ts";
import { cases, query, type Case } from "./cases.ts";

const deadlineSeconds = 12;
const settings = environmentSettings("dev");

const ofRoles = environmentSettings("dev", {
  kafka: { address: "kafka.kafka.svc:9092" },
  tempo: {
    mode: "distributed",
    storage: { backend: "s3", bucket: "traces", endpoint: "minio.storage.svc:9000" },
  },
});

async function run(wrong: Misbehaviour, of = settings): Promise<SmokeReport> {
  const stack = await fakeStack(wrong);
  const { otlp, tempo, prometheus } = stack;
  const options = { otlp, tempo, prometheus, environment: "dev", deadlineSeconds };
  return smoke(options, of, {
    started: () => undefined,
    ended: () => undefined,
  }).finally(() => stack.close());
}

describe("smoke", () => {
  it("finds all well where all is well, and has every check in its report", async () => {
    const { results, notes } = await run({});
    assert.deepEqual(
      results.map(({ check, status }) => [check, status]),
      checkNames.map((name) => [name, "ok"]),
    );
    assert.deepEqual(notes, []);
  });

  it("says that nobody scrapes Tempo, which is no failure, and nothing of it where somebody does", async () => {
    const foundBy = async (wrong: Misbehaviour) => {
      const { results } = await run(wrong);
      return results.find(({ check }) => check === "every signal answers")!;
    };
    const unscraped = await foundBy({});
    assert.equal(unscraped.status, "ok");
    assert.match(unscraped.found!, /^\d+ queries; Tempo itself is not scraped: Tracing Health is empty$/);
    const values = [[Date.now() / 1000, "1"]];
    const scraped = await foundBy({
      prometheus: ({ pathname, searchParams }) =>
        pathname === "/api/v1/query_range" && searchParams.get("query")!.startsWith("up{")
          ? { body: { data: { result: [{ metric: { pod: "tempo-0" }, values }] } } }
          : undefined,
    });
    assert.match(scraped.found!, /^\d+ queries$/);
  });

  it("sends the same names in every run, and none of a user's applications", () => {
    const [one, other] = [probe(settings), probe(settings)];
    assert.notEqual(one.trace.id, other.trace.id);
    assert.deepEqual([...one.counted], [...other.counted]);
    for (const { service, attributes } of one.trace.spans) {
      assert.ok(service.name.startsWith(smokePrefix));
      for (const name of ["gen_ai.request.model", "gen_ai.provider.name", "litellm.provider.model"]) {
        assert.ok(String(attributes[name] ?? smokePrefix).startsWith(smokePrefix));
      }
    }
  });

  it("sends a chat's id with each call of the model, by which it is searched", () => {
    const { id, trace } = probe(settings);
    const told = trace.spans.flatMap(({ attributes }) => attributes["gen_ai.conversation.id"] ?? []);
    assert.deepEqual(told, [id]);
  });

  it("is silent about the services of earlier probes", async () => {
    const services = vector([{ service: `${smokePrefix}-litellm` }, 1]);
    const { notes } = await run({ prometheus: query("group", services) });
    assert.deepEqual(notes, []);
  });

  it("notes services that the settings do not name", async () => {
    const { notes } = await run({ prometheus: query("group", vector([{ service: "litellm-proxy" }, 1])) });
    assert.match(notes.join("\n"), /of litellm-proxy, but none of litellm:.*applications\.services\.litellm/);
  });

  it("takes counts that began anew for a rise", async () => {
    const { results } = await run({
      prometheus: (url) =>
        url.searchParams.get("query")?.endsWith("s]")
          ? (query("traces_spanmetrics", vector(...probeCalls(1)))(url) ??
            query("traces_service_graph", vector(...probeEdges(1)))(url))
          : undefined,
    });
    assert.deepEqual(
      results.filter(({ status }) => status !== "ok"),
      [],
    );
  });

  describe("names what is wrong when", () => {
    let reports: Map<Case, { report: SmokeReport; seconds: number }>;

    // At once: each waits for its deadline.
    before(async function () {
      this.timeout(5 * deadlineSeconds * 1000);
      const entries = cases.map(async (one) => {
        const begun = Date.now();
        const report = await run(one.wrong, one.tempo === "distributed" ? ofRoles : settings);
        return [one, { report, seconds: (Date.now() - begun) / 1000 }] as const;
      });
      reports = new Map(await Promise.all(entries));
    });

    for (const one of cases) {
      it(one.when, () => {
        const { report, seconds } = reports.get(one)!;
        const named = (wanted: string) =>
          report.results.filter(({ status }) => status === wanted).map(({ check }) => check);
        assert.deepEqual(named("failed"), one.fails);
        assert.deepEqual(named("not checked"), one.unchecked ?? []);
        for (const { failure } of report.results.filter(({ status }) => status === "failed")) {
          assert.match(Object.values(failure!).join(" "), one.says);
        }
        assert.ok(seconds < 2 * deadlineSeconds, `it took ${seconds} s`);
      });
    }
  });
});

describe("an edge to a provider that is missing after the longest answer", () => {
  it("is for the peer attributes", () => {
    const nothing = { skewSeconds: {}, slackSeconds: 30 };
    const { cause } = causeOfMissingNode({ before: nothing, after: nothing }, 120, 60);
    assert.match(cause, /peer_attributes lack gen_ai\.provider\.name/);
  });
});
