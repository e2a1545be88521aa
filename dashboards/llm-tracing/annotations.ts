import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { AnnotationQueryBuilder, type AnnotationQuery } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Event } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import { sourceIn } from "../variables.ts";

/** Events drawn over every graph; Grafana takes the moment from the value, so that each is drawn once. */
export const annotations = ({ events }: TelemetryContext): Builder<AnnotationQuery>[] =>
  Object.values(events).map(({ title, text, legend }: Event) =>
    new AnnotationQueryBuilder()
      .name(title)
      .datasource(sourceIn("prometheus"))
      .enable(true)
      .iconColor("purple")
      .expr(text)
      .titleFormat(title)
      .textFormat(legend)
      .useValueForTime(true),
  );
