const factors: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity such as `10Gi` in bytes; undefined when it is none. */
export function bytes(quantity: unknown): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text(quantity)) ?? [];
  const factor = factors[unit ?? ""];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** A Go duration such as `1h30m`, or Prometheus' `14d`, in seconds; undefined when it is none. */
export function seconds(duration: unknown): number | undefined {
  const parts = [...text(duration).matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) return undefined;
  const all: Readonly<Record<string, number>> = { ...units, d: 24 * 3600, w: 7 * 24 * 3600 };
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * all[unit!]!, 0);
}

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";
