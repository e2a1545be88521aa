import type { Question } from "../ask.ts";

/** Points as far apart as Grafana would have them in a panel, at least a scrape interval. */
export const stepSeconds = ({ from, to }: Pick<Question, "from" | "to">): number =>
  Math.max(15, Math.ceil((to - from) / 200));
