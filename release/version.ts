import manifest from "../package.json" with { type: "json" };

/** Version of the stack as a whole; `package.json` is its only source. */
export const stackVersion: string = manifest.version;

/** Whether a version comes before another (semver.org, precedence): `0.9.0` before `0.10.0-rc.1` before `0.10.0`. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [partsOf(version), partsOf(than)];
  return left !== undefined && right !== undefined && compare(left, right) < 0;
}

interface Parts {
  readonly numbers: readonly string[];
  readonly prerelease: readonly string[];
}

function partsOf(version: string): Parts | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version);
  return match ? { numbers: match.slice(1, 4), prerelease: match[4]?.split(".") ?? [] } : undefined;
}

function compare(left: Parts, right: Parts): number {
  const byNumbers = compareLists(left.numbers, right.numbers);
  if (byNumbers !== 0) return byNumbers;
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return right.prerelease.length - left.prerelease.length;
  }
  return compareLists(left.prerelease, right.prerelease);
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  const difference = left
    .slice(0, right.length)
    .map((word, index) => compareWords(word, right[index]!))
    .find((each) => each !== 0);
  return difference ?? left.length - right.length;
}

/** Numbers by value, words by their letters, numbers before words. */
function compareWords(left: string, right: string): number {
  const [isNumber, isOtherNumber] = [left, right].map((word) => /^\d+$/.test(word));
  if (isNumber && isOtherNumber) return Number(left) - Number(right);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
