import { z } from "zod";

/** A length of time, parsed from text such as `72h`, `1h30m` or `14d`. */
export interface Duration {
  readonly seconds: number;
}

/** An amount of a Kubernetes resource. */
export interface Quantity {
  /** Amount in base units: bytes, or cores. */
  readonly amount: number;
  /** As Kubernetes writes it, such as `512Mi` or `250m`. */
  readonly text: string;
}

const secondsPer: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Go's durations end at 292 years. */
const longestSeconds = 100 * 365 * 86400;

const durationPattern = "^(\\d+(\\.\\d+)?(ms|s|m|h|d|w))+$";

/** A duration with units; bare numbers are refused. */
export const duration = (): z.ZodType<Duration, string> =>
  z
    .string(want('a duration such as "5s", "72h" or "14d"'))
    .regex(new RegExp(durationPattern), want('a duration such as "5s", "72h" or "14d"'))
    .transform((text) => {
      const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
      return {
        seconds: parts.reduce((sum, [, count, unit]) => sum + Number(count) * (secondsPer[unit!] ?? NaN), 0),
      };
    })
    .refine(
      ({ seconds }) => seconds > 0 && seconds <= longestSeconds,
      want("a duration from 1ms to 100 years"),
    );

/** A duration in Go's notation, which Tempo reads: `336h0m0s` is `336h`. */
export function goDuration({ seconds }: Duration): string {
  const whole = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "m"],
    [whole % 60, "s"],
    [Math.round((seconds - whole) * 1000), "ms"],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join("") || "0s"
  );
}

const scale: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const quantityPattern = "^\\d+(\\.\\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$";

/** A Kubernetes quantity, more than nothing. */
export const quantity = (example: string): z.ZodType<Quantity, string | number> =>
  z
    .union([z.string(), z.number()], want(`a Kubernetes quantity such as "${example}"`))
    .transform(String)
    .pipe(z.string().regex(new RegExp(quantityPattern), want(`a Kubernetes quantity such as "${example}"`)))
    .transform((text) => {
      const [, count, unit] = /^([\d.]+)(.*)$/.exec(text)!;
      return { amount: Number(count) * (scale[unit ?? ""] ?? NaN), text };
    })
    .refine((value) => value.amount > 0, want(`a Kubernetes quantity such as "${example}", more than 0`));

/** The words after "want" in the message about a bad value. */
export const want = (text: string) => ({ error: text });
