/** A rule of the dashboard-linter that we break on purpose. */
export interface Exception {
  readonly rule: string;
  /** Where it is broken; everywhere when not given. */
  readonly place?: string;
  readonly reason: string;
}

const noScrape =
  "The series come from traces: they have service and client/server, and neither job nor instance.";

const textOfSpans =
  "Grafana makes text of every attribute in a table of spans, and gives their duration its unit itself.";

/** Every exception there is. One that is no longer needed fails the tests. */
export const exceptions: readonly Exception[] = [
  { rule: "template-job", reason: noScrape },
  { rule: "template-instance", reason: noScrape },
  { rule: "target-job", reason: noScrape },
  { rule: "target-instance", reason: noScrape },
  {
    rule: "target-rate-interval",
    reason:
      "The dashboard promises the variable $interval; its shortest value, 1m, holds four samples of 15 s.",
  },
  {
    rule: "panel-units",
    place: "LLM Trace › Logs of the trace",
    reason: "Shows text.",
  },
  ...["Slow Requests (> 5s)", "Recent Traces"].map((title) => ({
    rule: "panel-units",
    place: `LLM Request Tracing › ${title}`,
    reason: textOfSpans,
  })),
  {
    rule: "panel-units",
    place: "LLM Request Tracing › Tokens and cost › Newest model calls",
    reason: textOfSpans,
  },
];
