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
  /** The collector's image as it is pulled, where there is one. */
  readonly collectorImage?: string;
}

/** What this program would make a stack run. */
export type OwnRelease = Release & Required<Pick<Release, "tempoImage">>;

/**
 * The release among a stack's outputs; undefined when it was never deployed, or by a version that did not tell.
 *
 * @param outputs - As a state has them: null where there is none.
 */
export function releaseIn(outputs: Readonly<Record<string, unknown>> | null): Release | undefined {
  const { stackVersion, bundleDigest, tempoImage, collectorImage } = outputs ?? {};
  return typeof stackVersion === "string" && typeof bundleDigest === "string"
    ? {
        stackVersion,
        bundleDigest,
        ...(typeof tempoImage === "string" && { tempoImage }),
        ...(typeof collectorImage === "string" && { collectorImage }),
      }
    : undefined;
}

/** A release as messages name it. Whoever may write a state could make a terminal do what they like by it. */
export function describeRelease(release: Release): string {
  const images = pinnedImages.flatMap(({ key, name }) => {
    const digest = digestOf(release[key] ?? "");
    return digest === undefined ? [] : [`${name} ${digest}`];
  });
  const whole = [`version ${release.stackVersion}`, `bundle ${release.bundleDigest}`, ...images].join(", ");
  return stripVTControlCharacters(whole).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "");
}

/**
 * Whether two releases are one bundle. Where only one names an image by its digest, it may be the other's; two digests are
 * two images, whatever their tag.
 */
export function isSameBundle(one: Release, other: Release): boolean {
  return one.bundleDigest === other.bundleDigest && otherImages(one, other).length === 0;
}

/** The images of which two releases name two digests, each by the setting that it comes from. */
export const otherImages = (one: Release, other: Release): string[] =>
  pinnedImages
    .filter(({ key }) => {
      const digests = [one, other].map((release) => digestOf(release[key] ?? "")).filter(Boolean);
      return new Set(digests).size > 1;
    })
    .map(({ setting }) => setting);

/** The images that a digest may pin. */
const pinnedImages = [
  { key: "tempoImage", name: "Tempo's image", setting: "tempo.image" },
  { key: "collectorImage", name: "the collector's image", setting: "collector.image" },
] as const;

/** Whether a release would bring a stack back to an older version than it, or the stack before it, runs. */
export const isDowngrade = (coming: Release, deployed: Release): boolean =>
  isOlder(coming.stackVersion, deployed.stackVersion);

/** Whether a version comes before another (semver.org, precedence); never when one is no version. */
export const isOlder = (version: string, than: string): boolean =>
  semver.valid(version) !== null && semver.valid(than) !== null && semver.lt(version, than);
