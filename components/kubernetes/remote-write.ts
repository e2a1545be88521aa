import type { types } from "@pulumi/kubernetes";
import { credentialVariables, type UserAndPassword } from "./environment.ts";

/** Where metrics are written to. */
export interface RemoteWrite {
  /** Prometheus's own address. */
  readonly url: string;
  /**
   * Where it takes metrics.
   *
   * @default `/api/v1/write` below `url`
   */
  readonly remoteWriteUrl?: string;
  /**
   * Secret in the pod's namespace with basic-auth credentials.
   *
   * @default none are sent
   */
  readonly credentialsSecret?: UserAndPassword;
}

/** Environment variables that hold the credentials. */
export const remoteWriteEnv = {
  username: "REMOTE_WRITE_USERNAME",
  password: "REMOTE_WRITE_PASSWORD",
} as const;

/** Where metrics are written. */
export const remoteWriteUrl = ({ url, remoteWriteUrl }: RemoteWrite): string =>
  remoteWriteUrl ?? `${url}/api/v1/write`;

/** The variables of a pod that writes, each by reference to the Secret. */
export const remoteWriteVariables = ({ credentialsSecret }: RemoteWrite): types.input.core.v1.EnvVar[] =>
  credentialVariables(remoteWriteEnv, credentialsSecret);
