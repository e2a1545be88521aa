import assert from "node:assert/strict";
import { environmentSettings } from "../../cli/environment-settings.ts";
import { causeOfMissingNode } from "../../cli/smoke/causes.ts";
import type { Report } from "../../cli/smoke/result.ts";
import { checkNames, smoke } from "../../cli/smoke/run.ts";
import { fakeStack, vector, type Misbehaviour } from "./fake-stack.ts";
import { cases, query, type Case } from "./smoke-cases.ts";

const deadlineSeconds = 4;

async function run(wrong: Misbehaviour): Promise<Report> {
  const stack = await fakeStack(wrong);
  const { otlp, tempo, prometheus } = stack;
  const options = { otlp, tempo, prometheus, environment: "dev", deadlineSeconds, output: "json" } as const;
  return smoke(options, environmentSettings("dev"), {
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

  it("notes services that the settings do not name", async () => {
    const { notes } = await run({ prometheus: query("group", vector([{ service: "litellm-proxy" }, 1])) });
    assert.match(notes.join("\n"), /of litellm-proxy, but none of litellm:.*applications\.services\.litellm/);
  });

  it("takes counts that began anew for a rise", async () => {
    let asked = 0;
    const restarted = (url: URL) =>
      query("traces_service_graph_request_total{", vector([{}, asked === 0 ? 7 : 1]), () => undefined)(url);
    const { results } = await run({
      prometheus: (url) => {
        const said = restarted(url);
        if (said) asked++;
        return said;
      },
    });
    assert.deepEqual(
      results.filter(({ status }) => status !== "ok"),
      [],
    );
  });

  describe("names what is wrong when", () => {
    let reports: Map<Case, { report: Report; seconds: number }>;

    // At once: each waits for its deadline.
    before(async () => {
      const entries = cases.map(async (one) => {
        const begun = Date.now();
        const report = await run(one.wrong);
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
        assert.ok(seconds < deadlineSeconds + 1, `it took ${seconds} s`);
      });
    }
  });
});

describe("an edge to a provider that is missing after the longest answer", () => {
  it("is for the peer attributes", () => {
    const nothing = { skewSeconds: {} };
    const { cause } = causeOfMissingNode({ before: nothing, after: nothing }, 120, 60);
    assert.match(cause, /peer_attributes lack gen_ai\.provider\.name/);
  });
});
