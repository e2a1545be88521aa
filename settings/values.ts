import { z } from "zod";
import { want } from "./units.ts";

/** A name as Kubernetes has it in DNS: a namespace, a Secret. */
export const dnsLabel = (what: string) =>
  z
    .string(want(what))
    .max(63, want(`${what}, at most 63 characters`))
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, want(`${what}: lower-case letters, digits and "-"`));

/** Any text but none. */
export const text = (what: string) => z.string(want(what)).min(1, want(`${what}, not empty`));

/** An http(s) URL, without a slash at its end. */
export const url = (what: string) =>
  z
    .string(want(what))
    .regex(/^https?:\/\/[^/\s]+(\/\S*)?$/, { ...want(`${what}: an http:// or https:// URL`), abort: true })
    .refine((value) => URL.canParse(value), want(`${what}: a URL whose host and port are valid`))
    .transform((value) => value.replace(/\/+$/, ""));

const labelValue = z
  .string(want("a label value"))
  .max(63, want("a label value, at most 63 characters"))
  .regex(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    want("a label value: letters, digits, and -_. between them"),
  );

const keyPattern = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Labels or annotations of a Kubernetes object. */
export const metadata = (value: z.ZodString) =>
  z.record(z.string().regex(keyPattern), value, {
    error: ({ code }) =>
      code === "invalid_key"
        ? "a key of at most 63 letters, digits and -_., after a domain and a slash if any"
        : undefined,
  });

/** Labels by which a NetworkPolicy finds pods. */
export const podLabels = (defaults: Record<string, string>, who: string) =>
  metadata(labelValue).default(defaults).describe(`Labels of ${who} pods, for the NetworkPolicy.`);

/** The key of a Secret's value. */
export const secretKey = (what: string, key: string) =>
  text(`the key of ${what}`).default(key).describe(`Key of the Secret that holds ${what}.`);

/** A variable of Grafana's environment. */
export const envName = (name: string, what: string) =>
  z
    .string(want("the name of an environment variable"))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, want("the name of an environment variable"))
    .default(name)
    .describe(`Environment variable of Grafana that holds ${what}.`);
