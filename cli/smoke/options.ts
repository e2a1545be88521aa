import { InvalidArgumentError } from "commander";
import { duration } from "../../settings/units.ts";

/** What a run is told. */
export interface SmokeOptions {
  /** OTLP/HTTP, without `/v1/traces`. */
  readonly otlp: string;
  readonly tempo: string;
  readonly prometheus: string;
  readonly environment: string;
  readonly deadlineSeconds: number;
  /** When not given, that of the environment. */
  readonly longestAnswerSeconds?: number;
}

/**
 * The address of a server as it is given on the command line, without a slash at its end.
 *
 * @throws InvalidArgumentError when it is none
 */
export function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Want an http:// or https:// URL.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError("Want it without user and password: use a port-forward.");
  }
  return text.replace(/\/+$/, "");
}

/** The address of an OTLP/HTTP receiver, which may be that of its traces. */
export const receiver = (text: string): string => address(text).replace(/\/v1\/traces$/, "");

/**
 * A duration as it is given on the command line, in seconds.
 *
 * @throws InvalidArgumentError when it is none
 */
export function seconds(text: string): number {
  const parsed = duration({ least: "1s", most: "1h" }).safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Want a duration such as "90s" or "5m".');
  return parsed.data.seconds;
}
