import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, readStackFile } from "../../engine/stack-files.ts";
import type { Datasource } from "../../components/grafana/datasource.ts";
import type { RuleGroup } from "../../alerts/groups.ts";
import { alertsArgs, generatorOf, telemetryContext } from "../../assembly/wiring.ts";
import { dashboards } from "../../dashboards/index.ts";
import { parseSettings, type Settings } from "../../settings.ts";
import type { Generator } from "../../telemetry/generator.ts";
import type { Signals } from "../../telemetry/signals.ts";
import { datasourceList } from "../components/grafana/datasource-list.ts";
import type { Dashboard } from "./dashboard-json.ts";
import { markdownQueries } from "./markdown.ts";
import { dashboardQueries, datasourceQueries, ruleQueries, signalQueries } from "./queries.ts";
import type { PlacedQuery } from "./targets.ts";
import { ofDashboard } from "./variables.ts";

/** Everything that the stack delivers with a query in it. */
export interface Product {
  readonly signals: Signals;
  readonly dashboards: readonly Dashboard[];
  readonly datasources: readonly Datasource[];
  readonly rules: readonly RuleGroup[];
  readonly generator: Generator;
  readonly logStream: string;
  readonly slowRequestSeconds: number;
}

/** What the settings make. */
export function productOf(settings: Settings): Product {
  const context = telemetryContext(settings);
  return {
    signals: context.signals,
    dashboards: dashboards(context).map(({ json }) => json as unknown as Dashboard),
    datasources: Object.values(datasourceList(settings)),
    rules: alertsArgs(settings, context).groups as readonly RuleGroup[],
    generator: generatorOf(settings),
    logStream: context.logs.stream,
    slowRequestSeconds: context.slowRequestSeconds,
  };
}

/** The settings of an environment, with some sections replaced. */
export function settingsOf(environment: string, replaced: Record<string, unknown> = {}): Settings {
  const sections = Object.entries(readStackFile(environment).config).map(([key, value]) => [
    key.split(":")[1],
    value,
  ]);
  return parseSettings({ ...Object.fromEntries(sections), ...replaced });
}

/** Every query of the product, wherever it stands. */
export const productQueries = (product: Product): PlacedQuery[] => [
  ...signalQueries(product.signals, {
    ...Object.fromEntries(product.dashboards.flatMap((dashboard) => Object.entries(ofDashboard(dashboard)))),
    __tags: ['service="sample"'],
  }),
  ...product.dashboards.flatMap((dashboard) => dashboardQueries(dashboard, isExported(dashboard))),
  ...product.rules.flatMap(({ rules }) => rules.flatMap(ruleQueries)),
  ...product.datasources.flatMap((source) => datasourceQueries(source, product.datasources)),
];

/** The queries of README and docs. */
export const documentQueries = (): PlacedQuery[] =>
  ["README.md", ...filesIn("docs").filter((file) => file.endsWith(".md"))]
    .filter((file) => existsSync(join(projectFolder, file)))
    .flatMap((file) => markdownQueries(file, readFileSync(join(projectFolder, file), "utf8")));

/** Whether a dashboard was exported from Grafana: then its JSON is a file beside the others. */
export const isExported = ({ uid }: Pick<Dashboard, "uid">): boolean =>
  filesIn("dashboards")
    .filter((file) => file.endsWith(".json"))
    .some((file) => (JSON.parse(readFileSync(join(projectFolder, file), "utf8")) as Dashboard).uid === uid);

const filesIn = (folder: string): string[] =>
  existsSync(join(projectFolder, folder))
    ? readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(projectFolder.length + 1))
        .sort()
    : [];
