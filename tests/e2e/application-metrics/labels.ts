import { getJson, urlBelow } from "../../../clients/http.ts";
import { metricsOfApplications } from "../../../telemetry/application-metrics.ts";
import type { HistogramForm } from "../../../telemetry/generator.ts";
import { seriesNames } from "../../../telemetry/metrics.ts";

/** Labels in order, by the name of the series. */
type Labels = Readonly<Record<string, readonly string[]>>;

/** Labels that series of a Prometheus have, beside those that Tempo makes of traces. */
export async function foundLabels(prometheus: string): Promise<Labels> {
  const url = urlBelow(prometheus, "/api/v1/series", { "match[]": '{__name__=~".+",__name__!~"traces_.+"}' });
  const { data } = await getJson<{ data: Record<string, string>[] }>("Prometheus", url);
  const found: Record<string, Set<string>> = {};
  for (const { __name__, ...labels } of data)
    for (const label of Object.keys(labels)) (found[__name__!] ??= new Set()).add(label);
  return Object.fromEntries(Object.entries(found).map(([name, labels]) => [name, [...labels].sort()]));
}

/** Labels that the contract knows of what the applications measure. */
export const knownLabels = (form: HistogramForm): Labels =>
  Object.fromEntries(
    metricsOfApplications(form).flatMap((metric) =>
      seriesNames(metric).map((name) => [
        name,
        [...metric.labels, ...(name.endsWith("_bucket") ? ["le"] : [])].sort(),
      ]),
    ),
  );
