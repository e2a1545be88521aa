import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { AnnotationQueryBuilder, type AnnotationQuery } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Event } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import { sourceIn } from "../variables.ts";

/**
 * Events drawn over every graph. Of those that happen at a moment Grafana takes it from the value, so that each is drawn
 * once.
 */
export const annotations = ({ events }: TelemetryContext): Builder<AnnotationQuery>[] =>
  Object.values(events).map(({ title, text, legend, lasts }: Event) =>
    new AnnotationQueryBuilder()
      .name(title)
      .datasource(sourceIn("prometheus"))
      .enable(true)
      .iconColor(lasts ? "red" : "purple")
      .expr(text)
      .titleFormat(title)
      .textFormat(legend)
      .useValueForTime(!lasts),
  );
