import { evaluatedGroups, queryNow } from "../../clients/prometheus.ts";
import { recordedMetrics } from "../../telemetry/recordings.ts";
import type { Figure } from "./figure.ts";

const timeoutSeconds = 30;

/**
 * What the rules cost Prometheus beside the series that they watch: those that they add, and how long all groups take to
 * be evaluated, of the 30 s between two evaluations.
 */
export async function rulesCost(prometheus: string): Promise<Figure[]> {
  const count = async (matcher: string) => {
    const [found] = await queryNow(
      prometheus,
      `count({__name__=~${JSON.stringify(matcher)}})`,
      timeoutSeconds,
    );
    return found?.value ?? 0;
  };
  // Of each alert that is raised, and how long it is so already.
  const own = ["ALERTS", "ALERTS_FOR_STATE", ...recordedMetrics.map(({ name }) => name)].join("|");
  const groups = await evaluatedGroups(prometheus, timeoutSeconds);
  const evaluation = groups.reduce((total, { evaluationTime }) => total + evaluationTime, 0);
  return [
    { name: "series made from the chats", values: [await count("traces_.+")], unit: "series" },
    { name: "series that the rules add", values: [await count(own)], unit: "series" },
    { name: "one evaluation of all rules", values: [1000 * evaluation], unit: "ms" },
  ];
}
