import { z } from "zod";
import { isOfNode, namespaceOfService, portOf } from "../service-url.ts";
import { latencyBoundsSeconds } from "../telemetry/generator.ts";
import { isSecretName } from "./secrets.ts";
import { duration, want } from "./units.ts";

/** A name as Kubernetes has it in DNS: a namespace, a Service. */
export const dnsLabel = (what: string) =>
  z
    .string(want(what))
    .max(63, want(`${what}, at most 63 characters`))
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, want(`${what}: lower-case letters, digits and "-"`));

/** A name as Kubernetes has it for most objects: a Secret, a storage class. */
export const objectName = (what: string) =>
  z
    .string(want(what))
    .max(253, want(`${what}, at most 253 characters`))
    .regex(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
      want(`${what}: lower-case letters, digits, "-" and "."`),
    );

/** Longest text that is a name of anything. */
const longestText = 200;

/** Any text in one line but none. */
export const text = (what: string) =>
  z
    .string(want(what))
    .regex(/\S/, want(`${what}, not empty`))
    .max(longestText, want(`${what}, at most ${longestText} characters`))
    .refine(
      (value) => value.isWellFormed() && !/\p{Cc}/u.test(value),
      want(`${what}, in one line of valid characters`),
    );

/** Text that is asked for in panels, where Grafana would fill its own variables in: `$user`, `[[user]]`. */
export const queryText = (what: string) =>
  text(what)
    .refine((value) => !/\$|\[\[/.test(value), want(`${what}, without "$" and "[["`))
    .refine((value) => !value.includes("://"), want(`${what}, which is no address`));

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

const labelValue = z
  .string(want("a label value"))
  .max(63, want("a label value, at most 63 characters"))
  .regex(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    want("a label value: letters, digits, and -_. between them"),
  );

const dnsName = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const keyPattern = new RegExp(`^((?=.{1,253}/)${dnsName}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`);

/** Labels or annotations of a Kubernetes object. */
export const metadata = (value: z.ZodString) =>
  z.record(
    z
      .string()
      .regex(
        keyPattern,
        want("a key of at most 63 letters, digits and -_., after a domain and a slash if any"),
      )
      .refine((key) => !isSecretName(key), want("no secret, which anyone could read there")),
    value,
    { error: ({ code, issues }) => (code === "invalid_key" ? issues[0]?.message : undefined) },
  );

/** Kubernetes takes 256 KiB of annotations an object; ours have to leave room for others'. */
const longestAnnotations = 64 * 1024;

/** Annotations of a Kubernetes object, whose values are any text. */
export const annotations = metadata(z.string(want("text"))).refine(
  (all) => JSON.stringify(all).length <= longestAnnotations,
  want("annotations of at most 64 KiB together"),
);

/** Labels by which others select the stack's own objects; they may be none. */
export const ownLabels = (defaults: Record<string, string>) =>
  metadata(labelValue)
    .refine(
      (labels) => !Object.keys(labels).some((key) => key.startsWith("app.kubernetes.io/")),
      want("labels other than app.kubernetes.io/…, which are the stack's own"),
    )
    .default(defaults);

/** Labels by which a NetworkPolicy finds pods. Without one it would find every pod of the namespace. */
export const labelSet = metadata(labelValue).refine(
  (labels) => Object.keys(labels).length > 0,
  want("at least one label"),
);

/** Labels of somebody's pods. */
export const podLabels = (defaults: Record<string, string>, who: string) =>
  labelSet.default(defaults).describe(`Labels of ${who} pods, for the NetworkPolicy.`);

/** The key of a Secret's value. */
export const secretKey = (what: string, key: string) =>
  z
    .string(want(`the key of ${what}`))
    .max(253, want(`the key of ${what}, at most 253 characters`))
    .regex(/^[-._a-zA-Z0-9]+$/, want(`the key of ${what}: letters, digits, "-", "_" and "."`))
    .default(key)
    .describe(`Key of the Secret that holds ${what}.`);

/** A variable of Grafana's environment. */
export const envName = (name: string, what: string) =>
  z
    .string(want("the name of an environment variable"))
    .max(longestText, want(`the name of an environment variable, at most ${longestText} characters`))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, want("the name of an environment variable"))
    .default(name)
    .describe(`Environment variable of Grafana that holds ${what}.`);

/** A part of an image's path. */
const pathPart = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
const imagePattern = new RegExp(
  `^([a-zA-Z0-9.-]+(:\\d{1,5})?/)?${pathPart}(/${pathPart})*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$`,
);

const mirrorPattern = new RegExp(`^(localhost|[^/]*[.:][^/]*)(/${pathPart})*$`);

/**
 * An image by tag, digest or both. Without either it would be whatever is newest.
 *
 * Source: distribution/reference, reference.go.
 */
export const image = z
  .string(want("an image reference"))
  .max(500, want("an image reference, at most 500 characters"))
  .regex(imagePattern, want('an image reference such as "registry.example.org/grafana/tempo:3.0.3"'))
  .refine((value) => /:[^/]+$/.test(value), want("an image reference with a tag or a digest"));

/**
 * A registry, and a path in it if any. Its host has a dot, a port or is localhost: else it would be a repository's first
 * part on Docker Hub.
 *
 * Source: `splitDockerDomain` in distribution/reference, normalize.go.
 */
export const mirror = z
  .string(want("a registry"))
  .max(200, want("a registry, at most 200 characters"))
  .refine((value) => !value.includes("://"), { ...want("a registry without a scheme"), abort: true })
  .refine((value) => !/@(?!sha256:)/.test(value), {
    ...want("a registry without user and password, which nodes keep, not manifests"),
    abort: true,
  })
  .refine((value) => !/@|\/.*:/.test(value), { ...want("a registry without a tag or digest"), abort: true })
  .refine(
    (value) => mirrorPattern.test(value) && isHost(value.replace(/\/.*$/, "")),
    want('a registry, with a path if any, such as "registry.example.org/mirror"'),
  );

/** Problems of two or more settings with each other: the one that the person wrote is to blame. */
export interface Conflict {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Reports settings that do not go together; the first is to blame when none or several were written. */
export function conflict(context: z.RefinementCtx, ...sides: readonly [Conflict, ...Conflict[]]): void {
  const [{ path, message }] = sides;
  context.addIssue({ code: "custom", path: [...path], message, params: { sides } });
}

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
 * open does so: then the pod's own has to be said, else the traffic would be cut off without a word.
 *
 * @param key - Of the server's address, beside `podPort`.
 */
export function checkPodPort(
  context: z.RefinementCtx,
  { url, key, podPort }: { url: string; key: string; podPort: number | undefined },
): void {
  const isService = namespaceOfService(url) !== undefined;
  if (podPort !== undefined && !isService) {
    conflict(context, { path: ["podPort"], message: `no port of pods, as ${key} is no Service's` });
  }
  if (podPort === undefined && isService && portOf(url) < 1024) {
    conflict(context, {
      path: [key],
      message: `the port that its pods listen on as podPort beside it, since a Service on port ${portOf(url)} maps it`,
    });
  }
}

/** A length of time that the latency histogram tells from longer ones. */
export const histogramBound = () =>
  duration({ least: "1ms", most: "1h" }).refine(({ seconds }) => latencyBoundsSeconds.includes(seconds), {
    error: `one of the histogram's bounds: ${latencyBoundsSeconds.map((bound) => `${bound}s`).join(", ")}`,
  });
