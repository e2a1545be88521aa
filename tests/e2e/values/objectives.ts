import assert from "node:assert/strict";
import { waitFor } from "../../../clients/wait.ts";
import { legendOf } from "../../../cli/demo/text.ts";
import { recorded } from "../../../telemetry/recordings.ts";
import type { Signals } from "../../../telemetry/signals.ts";
import { answerRequests, durations } from "../../../traffic/expected.ts";
import { isFailed, isRefused, type TracedSpan } from "../../../traffic/span.ts";
import { settingsOf } from "../../contract/product.ts";
import { instant } from "./measure.ts";
import { signals } from "./product.ts";
import type { Lines } from "./prometheus-panels.ts";
import { inWords, record } from "./record.ts";
import type { Run } from "./run.ts";

const { slo } = settingsOf("dev");

type Panel = (served: readonly TracedSpan[]) => Lines;

const failed = (served: readonly TracedSpan[]): number => served.filter(isFailed).length / served.length;
const slow = (served: readonly TracedSpan[]): number =>
  durations(served).filter((each) => each > slo.latency.under.seconds).length / served.length;
const budgets = { failed: 1 - slo.availability / 100, slow: 1 - slo.latency.target / 100 };

/** What each panel of the row must show of the requests that were not refused, by plain arithmetic. */
export const objectivePanels = {
  availability: (served) => ({ available: 100 * (1 - failed(served)) }),
  availabilityBudget: (served) => ({ left: 100 * (1 - failed(served) / budgets.failed) }),
  inTime: (served) => ({ "in time": 100 * (1 - slow(served)) }),
  latencyBudget: (served) => ({ left: 100 * (1 - slow(served) / budgets.slow) }),
  burnRate: (served) => ({
    "failed requests": failed(served) / budgets.failed,
    "slow requests": slow(served) / budgets.slow,
  }),
} satisfies Partial<Record<keyof Signals, Panel>>;

/**
 * How far a share of bad requests may be off, as a share of it: Prometheus extrapolates each series' growth over five
 * minutes to the edges of that window, but not below 0. One request more changes it by twice as much.
 */
const tolerance = 0.02;
const rateSeconds = 300;

/** The row of the objectives, at the first evaluation of the recording rules whose five minutes hold all that was counted. */
export function describeObjectives(run: () => Run): void {
  for (const [id, panel] of Object.entries(objectivePanels)) {
    const { title, unit, queries } = signals[id as keyof typeof objectivePanels];
    it(`shows ${title}`, async () => {
      const { backends, counted, window } = run();
      const expected = panel(answerRequests(counted).filter((span) => !isRefused(span)));
      const at = await evaluation(backends.prometheus, window);
      const found: Record<string, number> = {};
      for (const { text, legend } of queries) {
        // Of that evaluation alone: those before it have series that begin within their five minutes.
        const exactly = text.replaceAll("$environment", "dev").replace(/\[\d+[dh]\]/g, "[1s]");
        for (const { labels, value } of await instant(backends.prometheus, exactly, at)) {
          found[legendOf(legend, labels)] = value;
        }
      }
      assert.deepEqual(Object.keys(found), Object.keys(expected));
      for (const [line, wanted] of Object.entries(expected)) {
        const bad = unit === "percent" ? 100 - wanted : wanted;
        const off = Math.abs(found[line]! - wanted);
        assert.ok(off <= tolerance * Math.abs(bad), `${line}: ${found[line]}, not ${wanted}`);
      }
      record(title, inWords(expected), inWords(found));
    });
  }
}

/** A moment just after the rules were evaluated for the last time with the whole window within their five minutes. */
const evaluation = (prometheus: string, [from, to]: Run["window"]): Promise<number> =>
  waitFor("the recording rules to be evaluated", 400, async () => {
    const latest = from + rateSeconds;
    if (Date.now() / 1000 < latest) return false;
    const [sample] = await instant(prometheus, `timestamp(${recorded.served})`, latest);
    assert.ok(sample && sample.value > to);
    return sample.value;
  });
