import { z } from "zod";
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

/** A Secret with a user and a password, each in a key of its own. */
export const userAndPassword = z
  .strictObject({
    name: objectName("the name of a Secret in Tempo's namespace").describe("The Secret."),
    usernameKey: secretKey("the user name", "username"),
    passwordKey: secretKey("the password", "password"),
  })
  .superRefine(({ usernameKey, passwordKey }, context) => {
    if (usernameKey !== passwordKey) return;
    const message = "another key than the other one's";
    conflict(context, { path: ["usernameKey"], message }, { path: ["passwordKey"], message });
  });

/** A variable of Grafana's environment. */
export const envName = (name: string, what: string) =>
  z
    .string(want("the name of an environment variable"))
    .max(longestText, want(`the name of an environment variable, at most ${longestText} characters`))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, want("the name of an environment variable"))
    .default(name)
    .describe(`Environment variable of Grafana that holds ${what}.`);

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

/** A length of time to which durations are compared. */
export const latency = () => duration({ least: "1ms", most: "1h" });
