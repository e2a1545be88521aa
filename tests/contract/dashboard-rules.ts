import { panelsOf, type Dashboard, type Panel, type PlacedPanel, type Target } from "./dashboard-json.ts";

/** What a dashboard is judged by. */
export interface DashboardOptions {
  /** Text of every query that a signal asks. */
  readonly signalTexts: ReadonlySet<string>;
  /** It was exported from Grafana, and asks what it likes. */
  readonly exported?: boolean;
}

/** Most bytes that `kubectl apply` can note of an object in its annotation. */
const maxBytes = 262_144;

/** What keeps Grafana or kubectl from loading a dashboard, or its panels from being right, one line each. */
export const dashboardProblems = (dashboard: Dashboard, options: DashboardOptions): string[] => [
  ...formatProblems(dashboard),
  ...sizeProblems(dashboard),
  ...repeated(allPanels(dashboard).map(({ id }) => id)).map(
    (id) => `${dashboard.title}: two panels have the id ${id}`,
  ),
  ...panelsOf(dashboard).flatMap((placed) => [
    ...targetProblems(placed),
    ...(options.exported ? [] : foreignQueries(placed, options.signalTexts)),
  ]),
];

/** Files of the newer format are not loaded from disk. */
const formatProblems = (dashboard: Dashboard): string[] =>
  ["elements", "apiVersion", "spec"]
    .filter((key) => key in dashboard)
    .map((key) => `${dashboard.title}: has ${key}, as in the v2 format; it must be classic`);

function sizeProblems(dashboard: Dashboard): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(dashboard, undefined, 2));
  return bytes < maxBytes
    ? []
    : [`${dashboard.title}: has ${bytes} bytes, and must have less than ${maxBytes}`];
}

/** Panels and rows, those inside rows among them. */
const allPanels = ({ panels }: Dashboard): Panel[] =>
  panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

function targetProblems({ panel: { targets = [] }, place }: PlacedPanel): string[] {
  return [
    ...repeated(targets.map(({ refId }) => refId)).map(
      (refId) => `${place}: two queries have the refId ${refId}`,
    ),
    ...targets
      .filter(({ datasource }) => !datasource?.type || !datasource.uid)
      .map(({ refId }) => `${place}: query ${refId} has no data source`),
    ...targets
      .filter(({ datasource, queryType }) => datasource?.type === "tempo" && queryType === "traceql")
      .flatMap((target) =>
        tableProblems(target).map((problem) => `${place}: query ${target.refId} ${problem}`),
      ),
  ];
}

/** Grafana 12.4.0 answers both with HTTP 500: grafana/grafana#116313 and grafana/grafana#121890. */
function tableProblems({ tableType, query = "" }: Target): string[] {
  if (tableType === undefined) return ["has no tableType, for which Grafana answers 500"];
  const selects = /\|\s*select\s*\(/.test(query);
  return selects && tableType !== "spans"
    ? ["selects attributes into nested tables, for which Grafana answers 500: tableType must be spans"]
    : [];
}

const foreignQueries = ({ panel, place }: PlacedPanel, signalTexts: ReadonlySet<string>): string[] =>
  (panel.targets ?? [])
    .map(({ expr, query, serviceMapQuery }) => expr ?? query ?? serviceMapQuery ?? "")
    .filter((text) => text !== "" && !signalTexts.has(text))
    .map((text) => `${place}: asks what no signal asks: ${text}`);

const repeated = <T>(values: readonly T[]): T[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) < index)),
];
