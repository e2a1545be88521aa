/** A series in promtool's notation. */
export const series = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",")}}`;

/** So many steps of one, each that many samples long. */
export const stairs = (steps: number, samples: number): string =>
  Array.from({ length: steps }, (_, step) => `${step}x${samples - 1}`).join(" ");
