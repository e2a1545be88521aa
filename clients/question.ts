/** Addresses of the servers that answer signals. */
export interface Servers {
  /** Tempo's HTTP API, such as `http://127.0.0.1:3200`. */
  readonly tempo: string;
  readonly prometheus: string;
}

/** A time range in seconds since 1970, and the values of dashboard variables. */
export interface Question {
  readonly from: number;
  readonly to: number;
  readonly variables: Readonly<Record<string, string>>;
  /** For the answer to each query. @default 30 */
  readonly timeoutSeconds?: number;
}

/** A line of a graph. */
export interface Series {
  /** Labels, as Prometheus or Tempo gives them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** Points as far apart as Grafana would have them in a panel, at least a scrape interval. */
export const stepSeconds = ({ from, to }: Pick<Question, "from" | "to">): number =>
  Math.max(15, Math.ceil((to - from) / 200));
