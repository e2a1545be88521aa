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

/** Units of Go, and Prometheus' days and weeks. */
const secondsPer: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86400,
  w: 604800,
};

/** Seconds of a duration such as `1h30m` or `14d`; undefined when it is none. */
export function parseDuration(value: unknown): number | undefined {
  const parts = [...String(value).matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== value) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * secondsPer[unit!]!, 0);
}

/** What a duration has to be within, as a person writes it. */
interface Bounds {
  readonly least: string;
  readonly most: string;
}

const durationWanted = 'a duration such as "5s", "72h" or "14d"';

/** A duration with units, within bounds; bare numbers are refused. */
export const duration = ({ least, most }: Bounds): z.ZodType<Duration, string> =>
  z
    .string(want(durationWanted))
    .regex(/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/, want(durationWanted))
    .transform((text) => ({ seconds: parseDuration(text)! }))
    .refine(
      ({ seconds }) => seconds >= parseDuration(least)! && seconds <= parseDuration(most)!,
      want(`a duration from ${least} to ${most}`),
    );

const scale: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity such as `10Gi`, `250m` or `1e3` in base units; undefined when it is none.
 *
 * Source: kubernetes/apimachinery, pkg/api/resource/quantity.go.
 */
export function parseQuantity(value: unknown): number | undefined {
  const [, count, exponent, unit] =
    /^(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec(String(value)) ?? [];
  const factor = scale[unit ?? ""];
  return count === undefined || factor === undefined ? undefined : Number(count + (exponent ?? "")) * factor;
}

/** Amounts of a resource, from the least that makes sense. */
const quantity = (example: string, least: string, units: RegExp): z.ZodType<Quantity, string | number> => {
  const wanted = `a Kubernetes quantity such as "${example}"`;
  return z
    .union([z.string(), z.number()], want(wanted))
    .transform(String)
    .pipe(z.string().refine((text) => units.test(text) && parseQuantity(text) !== undefined, want(wanted)))
    .transform((text) => ({ amount: parseQuantity(text)!, text }))
    .refine(
      ({ amount }) => amount >= parseQuantity(least)! && amount < 2 ** 63,
      want(`${wanted}, at least ${least}`),
    );
};

/** Bytes; a number without a unit is a number of bytes, hardly ever what is meant. */
export const bytes = (example: string, least: string) =>
  quantity(example, least, /([eE]\d+|[kMGTPE]i?|Ki|\d)$/);

/** Cores, in thousands of one at the finest. */
export const cores = (example: string) => quantity(example, "1m", /([eE][+-]?\d+|m|k|\d)$/);

/** An amount as Kubernetes writes it, in its largest whole unit, rounded up to whole MiB and thousandths of a core. */
export function quantityOf(unit: "bytes" | "cores", amount: number): Quantity {
  const count = Math.ceil(unit === "bytes" ? amount / 2 ** 20 : Number((amount * 1000).toPrecision(9)));
  const [part, whole, perWhole] = unit === "bytes" ? ["Mi", "Gi", 1024] : ["m", "", 1000];
  const text = count % perWhole === 0 ? `${count / perWhole}${whole}` : `${count}${part}`;
  return { amount: parseQuantity(text)!, text };
}

/** A whole number from 1 on. */
export const count = (most: number) => {
  const wanted = want(`a whole number from 1 to ${most}`);
  return z.int(wanted).min(1, wanted).max(most, wanted);
};

/** The words after "want" in the message about a bad value. */
export const want = (text: string) => ({ error: text });
