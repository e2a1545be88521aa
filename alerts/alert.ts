/** A rule that tells somebody. */
export interface Alert {
  readonly name: string;
  /** `critical` wakes somebody up, `warning` waits for the morning: as kube-prometheus-stack has it. */
  readonly severity: "critical" | "warning";
  /** PromQL that answers while something is wrong. */
  readonly text: string;
  /** How long it must answer, in seconds. */
  readonly forSeconds: number;
  /** One sentence: what is wrong. Both texts may use Prometheus' templates. */
  readonly summary: string;
  /** What it means, with values and units. */
  readonly description: string;
  /** The panel that shows it. */
  readonly panel: PanelName;
  /**
   * Labels beside the severity and those of the answer.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A panel, by the uid of its dashboard and its own title. */
export interface PanelName {
  readonly dashboard: "llm-tracing" | "llm-tracing-health";
  readonly title: string;
}

/** Joins conditions that must hold at once; each answers with the labels of the first. */
export const both = (...conditions: readonly string[]): string =>
  conditions.map((each) => `(${each})`).join(" and ");

/** The same, for a condition without labels beside one that has some. */
export const when = (what: string, condition: string): string => `(${what}) and on () (${condition})`;
