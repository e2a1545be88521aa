import assert from "node:assert/strict";
import { waitFor } from "../../../clients/wait.ts";
import { instant, number } from "./measure.ts";
import { strays, type Run } from "./run.ts";

/** Longer than the ServiceMonitor's interval. */
const deadlineSeconds = 45;

/** Tempo's own metrics, scraped as the deployed ServiceMonitor says. */
export function describeOwnMetrics(run: () => Run): void {
  it("come from one target, with the labels that the Prometheus operator gives", async () => {
    const [target, ...more] = await waitFor("Tempo to be scraped", deadlineSeconds, async () => {
      const found = await instant(run().backends.prometheus, "up");
      return found.some(({ value }) => value === 1) && found;
    });
    assert.deepEqual(more, []);
    const { instance, ...labels } = target!.labels;
    assert.match(instance!, /^[\d.]+:3200$/);
    assert.deepEqual(labels, {
      __name__: "up",
      namespace: "tracing",
      service: "tempo",
      pod: "tempo-0",
      container: "tempo",
      endpoint: "http",
      job: "tempo",
    });
  });

  it("count every span that was sent", async () => {
    const { backends, sent } = run();
    const stray = strays.reduce((sum, { lone, late }) => sum + lone + late, 0);
    const spans = sent.reduce((sum, { trace }) => sum + trace.spans.length, stray);
    await waitFor(`${spans} spans to be counted`, deadlineSeconds, async () => {
      const received = 'sum(tempo_distributor_spans_received_total{namespace="tracing", pod="tempo-0"})';
      assert.equal(await number(backends.prometheus, received), spans);
      return true;
    });
  });
}
