import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DashboardLinkBuilder,
  type DashboardLink,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardFile } from "./dashboard.ts";

/** A list of the dashboards of this stack, on top of each. */
export const siblings = (): Builder<DashboardLink> =>
  new DashboardLinkBuilder("LLM dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags(["llm", "tracing"])
    .keepTime(true)
    .asDropdown(true);

interface PanelJson {
  readonly id: number;
  readonly title?: string;
  readonly panels?: readonly PanelJson[];
}

/**
 * Addresses of panels by the uid of their dashboard and their title.
 *
 * @param grafanaUrl - Grafana's address, or nothing for an address below it.
 */
export const panelAddress =
  (dashboards: readonly DashboardFile[], grafanaUrl: string) =>
  ({ dashboard, title }: { readonly dashboard: string; readonly title: string }): string => {
    const json = dashboards.find(({ json }) => json.uid === dashboard)?.json;
    const panels = ((json?.["panels"] ?? []) as readonly PanelJson[]).flatMap((panel) => [
      panel,
      ...(panel.panels ?? []),
    ]);
    const panel = panels.find((each) => each.title === title);
    if (!panel) throw new Error(`There is no panel "${title}" in the dashboard ${dashboard}.`);
    return `${grafanaUrl}/d/${dashboard}?viewPanel=${panel.id}`;
  };
