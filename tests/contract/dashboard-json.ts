/** A dashboard in Grafana's classic format, as far as the gate reads it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable?: boolean;
  readonly panels: Panel[];
  readonly templating?: { readonly list?: Variable[] };
  readonly annotations?: { readonly list?: Target[] };
}

/** A panel, or a row with panels inside. */
export interface Panel {
  id: number;
  type: string;
  title?: string;
  description?: string;
  datasource?: Datasource;
  targets?: Target[];
  fieldConfig?: {
    defaults?: {
      unit?: string;
      thresholds?: { steps?: { value: number | null }[] };
      links?: DataLink[];
      mappings?: unknown[];
    };
    overrides?: {
      matcher: { id: string; options?: unknown };
      properties: { id: string; value?: unknown }[];
    }[];
  };
  links?: DataLink[];
  panels?: Panel[];
}

export interface Datasource {
  type?: string;
  uid?: string;
}

export interface DataLink {
  title: string;
  url: string;
}

/** One query of a panel, in the words of its data source. */
export interface Target {
  name?: string;
  refId?: string;
  datasource?: Datasource;
  expr?: string;
  legendFormat?: string;
  queryType?: string;
  query?: string;
  serviceMapQuery?: string;
  tableType?: string;
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  query?: unknown;
  refresh?: number;
  datasource?: Datasource;
  current?: { value?: unknown };
  options?: { value: string }[];
}

/** A panel with the name by which it is found: dashboard › row › title. */
export interface PlacedPanel {
  readonly panel: Panel;
  readonly place: string;
}

/** All panels of a dashboard that show something, those in closed rows among them. */
export const panelsOf = (dashboard: Pick<Dashboard, "title" | "panels">): PlacedPanel[] =>
  dashboard.panels.flatMap((panel) =>
    panel.type === "row"
      ? (panel.panels ?? []).map((inner) => placed(inner, `${dashboard.title} › ${panel.title}`))
      : [placed(panel, dashboard.title)],
  );

const placed = (panel: Panel, within: string): PlacedPanel => ({
  panel,
  place: `${within} › ${panel.title ?? `panel ${panel.id}`}`,
});

/** All links of a panel: its own, and those in the fields of a table. */
export const linksOf = ({ links = [], fieldConfig }: Panel): DataLink[] => [
  ...links,
  ...(fieldConfig?.defaults?.links ?? []),
  ...(fieldConfig?.overrides ?? [])
    .flatMap(({ properties }) => properties)
    .filter(({ id }) => id === "links")
    .flatMap(({ value }) => value as DataLink[]),
];
