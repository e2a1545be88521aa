import assert from "node:assert/strict";
import { waitFor } from "../../../clients/wait.ts";
import { instant, number } from "./measure.ts";
import { strays, type ScrapedRun } from "./run.ts";

/** Longer than the ServiceMonitor's interval. */
const deadlineSeconds = 45;

/** Tempo's own metrics, scraped as the deployed ServiceMonitor says. */
export function describeOwnMetrics(run: () => ScrapedRun): void {
  it("come from one target, and the collectors' from one each, with the labels that the Prometheus operator gives", async () => {
    const found = await waitFor("all to be scraped", deadlineSeconds, async () => {
      const targets = await instant(run().backends.prometheus, "up");
      return targets.length === 3 && targets.every(({ value }) => value === 1) && targets;
    });
    const target = (service: string, pod: string, container: string, endpoint: string) => ({
      __name__: "up",
      namespace: "tracing",
      service,
      pod,
      container,
      endpoint,
      job: service,
    });
    const seen = found.map(({ labels: { instance, ...labels } }) => {
      assert.match(instance!, labels["service"] === "tempo" ? /^[\d.]+:3200$/ : /^[\d.]+:8888$/);
      return labels;
    });
    assert.deepEqual(
      seen.toSorted((one, other) => one["pod"]!.localeCompare(other["pod"]!)),
      [
        target("otel", "otel-0", "collector", "metrics"),
        target("otel", "otel-1", "collector", "metrics"),
        target("tempo", "tempo-0", "tempo", "http"),
      ],
    );
  });

  it("count every span that was sent, and at Tempo those that were not dropped", async () => {
    const { backends, sent, dropped } = run();
    const stray = strays.reduce((sum, { lone, late }) => sum + lone + late, 0);
    const spans = sent.reduce((sum, { trace }) => sum + trace.spans.length, stray);
    await waitFor(`${spans} spans to be counted`, deadlineSeconds, async () => {
      for (const [received, expected] of [
        ['sum(tempo_distributor_spans_received_total{namespace="tracing", pod="tempo-0"})', spans],
        ['sum(otelcol_receiver_accepted_spans{namespace="tracing"})', spans + dropped],
        ['sum(otelcol_exporter_sent_spans{namespace="tracing"})', spans],
      ] as const)
        assert.equal(await number(backends.prometheus, received), expected);
      return true;
    });
  });
}
