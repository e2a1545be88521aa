import assert from "node:assert/strict";
import { promtoolOrSkip } from "../../contract/promtool.ts";
import { signals } from "./product.ts";
import { problemsOf } from "./promtool-values.ts";

const labels = '{namespace="tracing", persistentvolumeclaim="tempo-data"}';
const mebibyte = 2 ** 20;

/** Seven hours of a volume of 10 GiB that loses 10 MiB a minute, beside one of another application. */
const series = [
  {
    series: `kubelet_volume_stats_available_bytes${labels}`,
    values: `${9216 * mebibyte}-${10 * mebibyte}x420`,
  },
  { series: `kubelet_volume_stats_capacity_bytes${labels}`, values: `${10_240 * mebibyte}x420` },
  {
    series: 'kubelet_volume_stats_available_bytes{namespace="tracing", persistentvolumeclaim="other"}',
    values: "1x420",
  },
];
const leftAtTheEnd = 9216 - 7 * 60 * 10;

/** Panels of the volume, asked of samples as kubelet has them. */
export function describeVolume(): void {
  const [left, size] = signals.volumeLeft.queries;
  const [forecast] = signals.volumeForecast.queries;
  for (const [what, { text }, mebibytes] of [
    ["what is left", left, leftAtTheEnd],
    ["its size", size, 10_240],
    ["what will be left in a day", forecast, leftAtTheEnd - 24 * 60 * 10],
  ] as const) {
    it(`show ${what}`, async function () {
      const promtool = await promtoolOrSkip(this);
      const expr = `round(${text}, ${mebibyte}) / ${mebibyte}`;
      const test = { expr, eval_time: "7h", exp_samples: [{ labels, value: mebibytes }] };
      assert.equal(problemsOf(promtool, "1m", series, test), "");
    });
  }
}
