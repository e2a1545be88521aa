/* Series of an installation and what its alerts must say of them, in promtool's notation: `0+2x10` is 0, 2, … 20. */

/** An alert that fires, with what a person reads. */
export interface Told {
  /** Labels beside those of the rule; of an alert with several windows, `long` says which. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** Series, and which alerts of one name fire at which times. */
export interface AlertCase {
  readonly alert: string;
  readonly what: string;
  /**
   * Time between samples and between evaluations. Days of the 30 s that Prometheus has would take promtool minutes, and
   * change nothing of a share.
   *
   * @default 30s
   */
  readonly every?: "5m";
  readonly series: Readonly<Record<string, string>>;
  /** By the time after the first sample; of each time all that fire. */
  readonly at: Readonly<Record<string, readonly Told[]>>;
}

/** Series, and what the recording rules make of them. */
export interface RecordingCase {
  readonly what: string;
  readonly series: Readonly<Record<string, string>>;
  /** Values after ten minutes; nothing where none is recorded. */
  readonly values: Readonly<Record<string, number | undefined>>;
}
