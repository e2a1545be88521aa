import type { types } from "@pulumi/kubernetes";
import type { Amounts } from "./quantity.ts";

type EnvVar = types.input.core.v1.EnvVar;

/**
 * Share of a container's memory that Go's runtime keeps to. It is a soft limit, and what is not the runtime's comes on top.
 * Tempo's own choice: `memory.automemlimit_ratio` (docs/sources/tempo/configuration of v3.0.3); the collector's is the same
 * (docs/scaling of opentelemetry.io/docs/collector).
 */
const goMemoryShare = 0.8;

/** Go's memory limit, below the container's. */
export const goMemoryLimit = ({ memory }: Amounts): EnvVar => ({
  name: "GOMEMLIMIT",
  value: String(Math.floor(memory.amount * goMemoryShare)),
});

/** A Secret with a user and a password. */
export interface UserAndPassword {
  readonly name: string;
  readonly usernameKey: string;
  readonly passwordKey: string;
}

/** Variables with a user and a password, each by reference to a Secret; none without one. */
export const credentialVariables = (
  variables: Readonly<Record<"username" | "password", string>>,
  secret: UserAndPassword | undefined,
): EnvVar[] =>
  secret
    ? [
        fromSecret(variables.username, secret.name, secret.usernameKey),
        fromSecret(variables.password, secret.name, secret.passwordKey),
      ]
    : [];

/** A variable whose value a Secret holds. */
export const fromSecret = (name: string, secret: string, key: string): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
