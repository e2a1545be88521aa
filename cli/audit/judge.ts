import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";
import { parseDocuments } from "../../engine/yaml.ts";
import type { KubernetesObject } from "../../clients/kubernetes.ts";

/** An object in a file of its own. */
export interface Manifest {
  readonly file: string;
  readonly object: KubernetesObject;
}

/** What a judge says against an object. */
export interface Finding {
  readonly judge: string;
  /** Name that the judge gives to what it asks for. */
  readonly rule: string;
  /** As {@link nameOf} gives it. */
  readonly object: string;
  /** What is wrong, in the judge's words. */
  readonly words: string;
}

/** What a judge says of objects. */
export interface Judgement {
  /** How many of them it looked at. */
  readonly judged: number;
  readonly findings: readonly Finding[];
}

/** Somebody who judges the objects of an environment. */
export interface Judge {
  readonly name: string;
  readonly judge: (manifests: readonly Manifest[]) => Promise<Judgement>;
}

/**
 * The objects in a folder, a file each.
 *
 * @throws UserError when there is no such folder, or a file holds no object
 */
export function readManifests(folder: string): Manifest[] {
  if (!existsSync(folder)) throw new UserError(`${folder} is missing: run make render first.`);
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name))
    .map((file) => {
      const [object, ...more] = parseDocuments(file, readFileSync(file, "utf8")) as KubernetesObject[];
      if (typeof object?.kind === "string" && typeof object.metadata?.name === "string" && more.length === 0)
        return { file, object };
      throw new UserError(`${file} is no Kubernetes object: it needs kind and metadata.name, once.`);
    });
}

/** `Kind namespace/name`. */
export const nameOf = ({ kind, metadata: { namespace, name } }: KubernetesObject): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/**
 * What a judge's program prints as JSON. Its exit code tells of findings as of failures.
 *
 * @throws UserError when it prints something else
 */
export async function jsonFrom<T>(program: string, words: readonly string[]): Promise<T> {
  const { stdout = "", stderr = "" } = await promisify(execFile)(program, words, {
    maxBuffer: 64e6,
    timeout: 120_000,
  }).catch((error: { stdout?: string; stderr?: string }) => error);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new UserError(
      `${path.basename(program)} failed: ${(stderr || stdout || "it printed nothing").trim()}`,
    );
  }
}
