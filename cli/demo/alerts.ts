import { evaluatedGroups, type RaisedAlert } from "../../clients/prometheus.ts";
import { alignRows } from "../../terminal/table.ts";

/** Alerts that Prometheus raises now, in words. Those of one name, such as over several windows, are one. */
export async function alertLines(prometheus: string): Promise<string[]> {
  const groups = await evaluatedGroups(prometheus, 10);
  const raised = groups.flatMap(({ rules }) => rules.flatMap(({ alerts = [] }) => alerts)).sort(byWeight);
  const isFirst = (alert: RaisedAlert, index: number) =>
    raised.findIndex((other) => summaryOf(other) === summaryOf(alert)) === index;
  const told = raised.filter(isFirst);
  if (told.length === 0) return ["Alerts: none"];
  return [
    "Alerts that this raises:",
    ...alignRows(
      told.map(({ state, labels, annotations }) => [
        state,
        labels["severity"] ?? "",
        labels["alertname"] ?? "",
        annotations["summary"] ?? "",
      ]),
    ),
    `A pending one fires when it lasts: ${prometheus}/alerts`,
  ];
}

const summaryOf = ({ labels, annotations }: RaisedAlert): string =>
  `${labels["alertname"]} ${annotations["summary"]}`;

/** What fires before what is pending, what wakes somebody before what waits for the morning; else by name. */
function byWeight(one: RaisedAlert, other: RaisedAlert): number {
  const key = ({ state, labels: { severity, alertname } }: RaisedAlert) =>
    [state === "firing" ? 0 : 1, severity === "critical" ? 0 : 1, alertname].join(" ");
  return key(one).localeCompare(key(other), "en");
}
