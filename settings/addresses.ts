import { z } from "zod";
import { isOfNode, namespaceOfService, portOf } from "../service-url.ts";
import { want } from "./units.ts";
import { conflict, text } from "./values.ts";

const isHostLabel = (label: string) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i.test(label);

/** `host[:port]` whose host is a DNS name or an IP address. */
export function isHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname, host: parsed } = new URL(`http://${host}`);
  const isName = hostname.replace(/\.$/, "").split(".").every(isHostLabel);
  return (
    (isName || hostname.startsWith("[")) &&
    (parsed === host.toLowerCase() || `${parsed}:80` === host.toLowerCase())
  );
}

/** Refuses a server at an address of the node: no NetworkPolicy of this stack lets Tempo reach it. */
export const isNoNode = (host: string): boolean => !isOfNode(new URL(`http://${host}`).hostname);

/** The words of that refusal. */
export const noNode = (what: string) => want(`${what}, not a link-local or metadata address`);

/**
 * An http(s) URL, without a slash at its end. Credentials in it would stand in a ConfigMap and in git; a query or a
 * fragment would end up before the paths that are added to it; and Tempo fills in what looks like a variable.
 */
export const url = (what: string) =>
  z
    .string(want(what))
    .regex(/^https?:\/\/[^/\s]+(\/\S*)?$/, { ...want(`${what}: an http:// or https:// URL`), abort: true })
    .refine((value) => !authorityOf(value).includes("@"), {
      ...want(`${what}, without user and password, which would stand in plain text in manifests`),
      abort: true,
    })
    .refine((value) => !/[?#]/.test(value), { ...want(`${what}, without "?" and "#"`), abort: true })
    .refine((value) => !/\$\{|\{\{/.test(value), {
      ...want(`${what}, without "\${" and "{{", which Tempo and Prometheus would fill in`),
      abort: true,
    })
    .refine((value) => isHost(authorityOf(value)), {
      ...want(`${what}: a URL whose host and port are valid`),
      abort: true,
    })
    .refine((value) => isNoNode(authorityOf(value)), { ...noNode(what), abort: true })
    .transform((value) => value.replace(/\/+$/, ""));

/** A URL, or a path below whatever it is read in; the heading on the page is added to it. Prometheus fills in `{{…}}`. */
export const address = (what: string) =>
  text(what).refine(
    (value) => /^(https?:\/\/[^/\s@]+(\/[^\s#@]*)?|[^\s:#]+)$/.test(value) && !value.includes("{{"),
    want(`${what}: an http:// or https:// URL or a path, without user, spaces, "#" and "{{"`),
  );

const authorityOf = (value: string): string => value.replace(/^https?:\/\//, "").replace(/[/?#].*$/, "");

const portWanted = "a port, from 1 to 65535";

/** The port of a Service's pods. */
export const podPort = z
  .int(want(portWanted))
  .min(1, want(portWanted))
  .max(65535, want(portWanted))
  .optional()
  .describe(
    "Port that its pods listen on, for the NetworkPolicy, where a Service maps it. Default: the one of the address.",
  );

/**
 * A NetworkPolicy is asked for the port of the pod, which a Service may map. Nearly every Service on a port that only root may
 * open does so: then the pod's own has to be said, else the traffic would be cut off without a word. What is no Service's is not
 * found by its pods.
 *
 * @param key - Of the server's address, beside `podPort`.
 */
export function checkPods(
  context: z.RefinementCtx,
  {
    url,
    key,
    podPort,
    podLabels,
  }: { url: string; key: string; podPort: number | undefined; podLabels?: object },
): void {
  const isService = namespaceOfService(url) !== undefined;
  if (podPort !== undefined && !isService) {
    conflict(context, { path: ["podPort"], message: `no port of pods, as ${key} is no Service's` });
  }
  if (podLabels !== undefined && !isService) {
    conflict(context, { path: ["podLabels"], message: `no labels of pods, as ${key} is no Service's` });
  }
  if (podPort === undefined && isService && portOf(url) < 1024) {
    conflict(context, {
      path: [key],
      message: `the port that its pods listen on as podPort beside it, since a Service on port ${portOf(url)} maps it`,
    });
  }
}
