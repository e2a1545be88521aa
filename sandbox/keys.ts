import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SandboxFolder } from "./folder.ts";

/** Files that the control plane reads its keys from. */
export interface KeyFiles {
  /** Signs the tokens of service accounts; kept across restarts, as those tokens are. */
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
  /** Bearer tokens the API server accepts, as CSV. */
  tokens: string;
  /** Folder the API server writes its self-signed certificate to. */
  certificates: string;
}

/** The administrator's user name and group; the group is bound to cluster-admin by Kubernetes itself. */
const administrator = { user: "sandbox-admin", group: "system:masters" } as const;

/** The files of a sandbox folder. */
export function keyFiles(folder: SandboxFolder): KeyFiles {
  const file = (name: string) => path.join(folder.keys, name);
  return {
    serviceAccountKey: file("service-account.key"),
    serviceAccountPublicKey: file("service-account.pub"),
    tokens: file("tokens.csv"),
    certificates: file("serving"),
  };
}

/**
 * Writes what is missing, a new administrator's token, and makes way for a new certificate.
 *
 * @returns the token
 */
export function prepareKeys(folder: SandboxFolder): string {
  const files = keyFiles(folder);
  mkdirSync(folder.keys, { recursive: true, mode: 0o700 });
  rmSync(files.certificates, { recursive: true, force: true });
  if (!existsSync(files.serviceAccountKey) || !existsSync(files.serviceAccountPublicKey)) {
    writeServiceAccountKeys(files);
  }
  const token = randomBytes(24).toString("base64url");
  writeFileSync(
    files.tokens,
    `${token},${administrator.user},${administrator.user},"${administrator.group}"\n`,
    {
      mode: 0o600,
    },
  );
  return token;
}

/**
 * The certificate the API server made for itself, followed by the authority that signed it (PEM).
 */
export function readServingCertificate(folder: SandboxFolder): string {
  return readFileSync(path.join(keyFiles(folder).certificates, "apiserver.crt"), "utf8");
}

function writeServiceAccountKeys(files: KeyFiles): void {
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  writeFileSync(files.serviceAccountKey, pair.privateKey, { mode: 0o600 });
  writeFileSync(files.serviceAccountPublicKey, pair.publicKey);
}
