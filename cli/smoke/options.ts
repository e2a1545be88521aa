import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import type { Tls } from "../../clients/http.ts";
import { duration } from "../../settings/units.ts";

/** What a run is told. */
export interface SmokeOptions {
  /** OTLP/HTTP, without `/v1/traces`. */
  readonly otlp: string;
  /** Certificates for OTLP. */
  readonly otlpTls?: Tls;
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

/**
 * The certificates in a folder, with the names that cert-manager gives them: `ca.crt`, and `tls.crt` with `tls.key` if they are
 * there.
 *
 * @throws InvalidArgumentError when there is none
 */
export function certificates(folder: string): Tls {
  const [ca, cert, key] = ["ca.crt", "tls.crt", "tls.key"].map((name) => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
  if (ca === undefined) throw new InvalidArgumentError("Want a folder with ca.crt in it.");
  if ((cert === undefined) !== (key === undefined)) {
    throw new InvalidArgumentError("Want both tls.crt and tls.key in it, or neither.");
  }
  return { ca, ...(cert !== undefined && key !== undefined && { own: { cert, key } }) };
}

/** The certificates for an address: a port-forward has not the name that Tempo's certificate has. */
export const tlsFor = (otlp: string, tls: Tls, serviceHost: string): Tls => {
  const { hostname } = new URL(otlp);
  const isForward = hostname === "localhost" || isIP(hostname.replace(/^\[|\]$/g, "")) > 0;
  return isForward ? { ...tls, serverName: serviceHost } : tls;
};
