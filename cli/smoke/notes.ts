import type { Settings } from "../../settings.ts";
import { smokePrefix } from "../../telemetry/smoke.ts";
import { formatSeconds } from "../../terminal/duration.ts";
import type { Evidence } from "./evidence.ts";

/** Seconds by which a clock may differ without a word. */
const toleratedSkew = 5;

/**
 * What is worth a look, though no check fails by it.
 *
 * @param services - Those that had span metrics before the probe was sent.
 */
export const notesOf = (
  settings: Settings,
  { skewSeconds }: Evidence,
  services: readonly string[],
): string[] => [...clockNotes(skewSeconds), ...serviceNotes(settings, services)];

const clockNotes = (skewSeconds: Evidence["skewSeconds"]): string[] =>
  Object.entries(skewSeconds)
    .filter(([, skew]) => Math.abs(skew) > toleratedSkew)
    .map(
      ([server, skew]) =>
        `${server}'s clock is ${formatSeconds(Math.round(Math.abs(skew)))} ${skew > 0 ? "ahead of" : "behind"} this machine's.`,
    );

/** Traces of applications with other names than the settings' are there, and no panel shows them. */
function serviceNotes({ applications: { services } }: Settings, found: readonly string[]): string[] {
  const others = found.filter(
    (name) => !Object.values(services).includes(name) && !name.startsWith(smokePrefix),
  );
  if (others.length === 0) return [];
  return Object.entries(services)
    .filter(([, name]) => !found.includes(name))
    .map(
      ([key, name]) =>
        `Prometheus has span metrics of ${others.slice(0, 5).join(", ")}, but none of ${name}: is one of them what ` +
        `applications.services.${key} should be?`,
    );
}
