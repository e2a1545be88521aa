import type { DashboardJson } from "../../dashboards/normalise.ts";
import { ask, type Backends, type Question } from "../ask.ts";
import { sectionsOf, type Panel, type Section } from "./panels.ts";
import { show } from "./show.ts";
import { clock } from "./text.ts";

/** A dashboard in words, and the panels that show less than they should. */
export interface Description {
  readonly lines: readonly string[];
  readonly emptyPanels: readonly string[];
}

/** What of the traffic a dashboard shows. */
export interface View extends Pick<Question, "from" | "to"> {
  readonly environment: string;
}

const width = 100;

/** Window of every rate: a choice of the dashboard's that holds all of the demo. */
const interval = "5m";

/**
 * What every panel of a dashboard shows of a time range of an environment, in the order of the dashboard.
 *
 * @throws UserError when a server refuses a query or cannot be reached.
 */
export async function describeDashboard(
  json: DashboardJson,
  backends: Backends,
  { environment, ...range }: View,
): Promise<Description> {
  const sections = sectionsOf(json);
  const known = { environment, interval, user: "" };
  const traceId = await newestTrace(sections, backends, { ...range, variables: known });
  const question: Question = { ...range, variables: { ...known, traceId } };
  const lines = ["", rule(`${json.title}, ${clock(range.from)} to ${clock(range.to)}`, "═")];
  const emptyPanels: string[] = [];
  for (const { title, panels } of sections) {
    if (title !== undefined) lines.push("", rule(title, "─"));
    for (const panel of panels) {
      const { lines: shown, missing } = await show(panel, backends, question);
      lines.push("", panel.title, ...shown, ...missing.map((what) => `  ✗ NOTHING HERE: ${what}`));
      if (missing.length > 0) emptyPanels.push(panel.title);
    }
  }
  return { lines, emptyPanels };
}

/** The newest trace of the first table of traces, as a click on its first row would choose it. */
async function newestTrace(
  sections: readonly Section[],
  backends: Backends,
  question: Question,
): Promise<string> {
  const isTable = ({ queries: [query] }: Panel) => query?.language === "traceql" && query.rows === "traces";
  const table = sections.flatMap(({ panels }) => panels).find(isTable);
  if (!table) return "";
  const answer = await ask(table.queries[0]!, backends, question);
  return (answer.kind === "traces" && answer.traces[0]?.traceID) || "";
}

const rule = (title: string, line: string): string =>
  `${line.repeat(2)} ${title} ${line.repeat(Math.max(2, width - title.length - 4))}`;
