import type { DashboardJson } from "../../dashboards/normalise.ts";
import type { Signal } from "../../telemetry/signals.ts";
import { ask, unchosen } from "../../clients/ask.ts";
import type { Question, Servers } from "../../clients/question.ts";
import { sectionsOf } from "./panels.ts";
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
  /** The trace that is opened; none when not given. */
  readonly traceId?: string;
  /** Why a panel may be empty, by its title. */
  readonly excused?: Readonly<Record<string, string>>;
}

const width = 100;

/**
 * What every panel of a dashboard shows of a time range of an environment, in the order of the dashboard.
 *
 * @throws UserError when a server refuses a query or cannot be reached.
 */
export async function describeDashboard(
  json: DashboardJson,
  servers: Servers,
  { environment, traceId = "", excused = {}, ...range }: View,
): Promise<Description> {
  const sections = sectionsOf(json);
  const question: Question = { ...range, variables: { ...unchosen, environment, traceId } };
  const lines = ["", rule(`${json.title}, ${clock(range.from)} to ${clock(range.to)}`, "═")];
  const emptyPanels: string[] = [];
  for (const { title, panels } of sections) {
    if (title !== undefined) lines.push("", rule(title, "─"));
    for (const panel of panels) {
      const { lines: shown, missing } = await show(panel, servers, question);
      const excuse = excused[panel.title];
      const empty = missing.map((what) => (excuse ? `  empty: ${excuse}` : `  ✗ NOTHING HERE: ${what}`));
      lines.push("", panel.title, ...shown, ...empty);
      if (missing.length > 0 && !excuse) emptyPanels.push(panel.title);
    }
  }
  return { lines, emptyPanels };
}

/** The trace that a click on the first row of a table opens; none when the table is empty. */
export async function firstTrace(
  { queries: [table] }: Signal,
  servers: Servers,
  { environment, from, to }: View,
): Promise<string | undefined> {
  const answer = await ask(table!, servers, { from, to, variables: { ...unchosen, environment } });
  return answer.kind === "traces" ? answer.traces[0]?.traceID : undefined;
}

const rule = (title: string, line: string): string =>
  `${line.repeat(2)} ${title} ${line.repeat(Math.max(2, width - title.length - 4))}`;
