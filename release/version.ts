import semver from "semver";
import manifest from "../package.json" with { type: "json" };

/** Version of the stack as a whole; `package.json` is its only source. */
export const stackVersion: string = manifest.version;

/** What a stack runs, as two of its outputs tell. */
export interface Release {
  readonly stackVersion: string;
  readonly bundleDigest: string;
}

/** The release among a stack's outputs; undefined when it was never deployed, or by a version that did not tell. */
export function releaseIn({
  stackVersion,
  bundleDigest,
}: Readonly<Record<string, unknown>>): Release | undefined {
  return typeof stackVersion === "string" && typeof bundleDigest === "string"
    ? { stackVersion, bundleDigest }
    : undefined;
}

/** A release as messages name it. */
export const describeRelease = ({ stackVersion, bundleDigest }: Release): string =>
  `version ${stackVersion}, bundle ${bundleDigest}`;

/** Whether a release would bring a stack back to an older version than it, or the stack before it, runs. */
export const isDowngrade = (coming: Release, deployed: Release): boolean =>
  isOlder(coming.stackVersion, deployed.stackVersion);

/** Whether a version comes before another (semver.org, precedence); never when one is no version. */
export const isOlder = (version: string, than: string): boolean =>
  semver.valid(version) !== null && semver.valid(than) !== null && semver.lt(version, than);
