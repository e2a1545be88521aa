/** A data source by its uid in Grafana. */
export interface DatasourceRef {
  readonly type: string;
  readonly uid: string;
}

/** Types of the three data sources, as Grafana names their plugins. */
export const datasourceTypes = {
  tempo: "tempo",
  prometheus: "prometheus",
  /** The plugin `openobserve/openobserve-grafana-plugin`; unsigned, so Grafana must be told to load it. */
  openobserve: "openobserve",
} as const;

/** Uids of the three data sources. */
export type DatasourceUids = Readonly<Record<keyof typeof datasourceTypes, string>>;
