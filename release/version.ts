import { stripVTControlCharacters } from "node:util";
import semver from "semver";
import manifest from "../package.json" with { type: "json" };
import { digestOf } from "./images.ts";

/** Version of the stack as a whole; `package.json` is its only source. */
export const stackVersion: string = manifest.version;

/** What a stack runs, as its outputs tell. */
export interface Release {
  readonly stackVersion: string;
  readonly bundleDigest: string;
  /** Tempo's image as it is pulled. Version 0.1.0 did not tell. */
  readonly tempoImage?: string;
}

/**
 * The release among a stack's outputs; undefined when it was never deployed, or by a version that did not tell.
 *
 * @param outputs - As a state has them: null where there is none.
 */
export function releaseIn(outputs: Readonly<Record<string, unknown>> | null): Release | undefined {
  const { stackVersion, bundleDigest, tempoImage } = outputs ?? {};
  return typeof stackVersion === "string" && typeof bundleDigest === "string"
    ? { stackVersion, bundleDigest, ...(typeof tempoImage === "string" && { tempoImage }) }
    : undefined;
}

/** A release as messages name it. Whoever may write a state could make a terminal do what they like by it. */
export function describeRelease(release: Release): string {
  const digest = imageDigestOf(release);
  const name = `version ${release.stackVersion}, bundle ${release.bundleDigest}`;
  const whole = digest === undefined ? name : `${name}, Tempo's image ${digest}`;
  return stripVTControlCharacters(whole).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "");
}

/**
 * Whether two releases are one bundle. Where only one names Tempo's image by its digest, it may be the other's; two digests
 * are two images, whatever their tag.
 */
export function isSameBundle(one: Release, other: Release): boolean {
  const digests = [one, other].map(imageDigestOf).filter((digest) => digest !== undefined);
  return one.bundleDigest === other.bundleDigest && new Set(digests).size <= 1;
}

const imageDigestOf = ({ tempoImage = "" }: Release): string | undefined => digestOf(tempoImage);

/** Whether a release would bring a stack back to an older version than it, or the stack before it, runs. */
export const isDowngrade = (coming: Release, deployed: Release): boolean =>
  isOlder(coming.stackVersion, deployed.stackVersion);

/** Whether a version comes before another (semver.org, precedence); never when one is no version. */
export const isOlder = (version: string, than: string): boolean =>
  semver.valid(version) !== null && semver.valid(than) !== null && semver.lt(version, than);
