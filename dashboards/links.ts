import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DashboardLinkBuilder,
  type DashboardLink,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** A list of the dashboards of this stack, on top of each. */
export const siblings = (): Builder<DashboardLink> =>
  new DashboardLinkBuilder("LLM dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags(["llm", "tracing"])
    .keepTime(true)
    .asDropdown(true);
