import { queryNow, samplesOf, type Sample } from "../../clients/prometheus.ts";

/** The newest sample of each series of a counter. */
export type Reading = ReadonlyMap<string, { readonly time: number; readonly value: number }>;

/** How much a series rose. */
export interface Rise {
  readonly labels: Sample["labels"];
  readonly count: number;
}

/** Reads a counter as it is now. */
export async function read(prometheus: string, counter: string, timeoutSeconds: number): Promise<Reading> {
  const [values, times] = await Promise.all(
    [counter, `timestamp(${counter})`].map((query) => queryNow(prometheus, query, timeoutSeconds)),
  );
  const timeOf = new Map(times!.map(({ labels, value }) => [identityOf(labels), value]));
  return new Map(
    values!.map(({ labels, value }) => {
      const identity = identityOf(labels);
      return [identity, { time: timeOf.get(identity) ?? 0, value }];
    }),
  );
}

/**
 * How much each series of a counter rose since a reading. A Tempo that has seen nothing of a series for a while begins
 * it anew, at 0, while Prometheus still shows its old end: so samples are compared, not moments.
 *
 * @param seconds since before the reading
 */
export async function risesSince(
  before: Reading,
  { prometheus, counter, seconds }: { prometheus: string; counter: string; seconds: number },
  timeoutSeconds: number,
): Promise<Rise[]> {
  const series = await samplesOf(prometheus, counter, seconds, timeoutSeconds);
  return series.map(({ labels, points }) => {
    const old = before.get(identityOf(labels));
    let [last, count] = [old?.value ?? 0, 0];
    for (const [time, value] of points) {
      if (old && time <= old.time) continue;
      count += value < last ? value : value - last;
      last = value;
    }
    return { labels, count };
  });
}

/** A series, whatever the order in which its labels are listed, and with or without its name. */
const identityOf = (labels: Sample["labels"]): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([name]) => name !== "__name__")
      .sort(),
  );
