/** Licences that allow what this project does with a package: run it, and hand on what uses it. */
export const allowed: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "PSF-2.0",
  "Python-2.0",
];

/** Packages with another licence, or none that a program can read, and why they are fine. */
export const excepted: Readonly<Record<string, { readonly licence: string; readonly reason: string }>> = {
  "@logdna/tail-file": {
    licence: "SEE LICENSE IN LICENSE",
    reason: "its file LICENSE is the MIT licence",
  },
  "spdx-exceptions": { licence: "CC-BY-3.0", reason: "a list of words, not a program; below @pulumi/pulumi" },
  "spdx-license-ids": {
    licence: "CC0-1.0",
    reason: "a list of words, in the public domain; below @pulumi/pulumi",
  },
};

/** A package of the lock file. */
export interface Package {
  readonly name: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
}

/** What is wrong with the licences of packages, a line for each. */
export const licenceProblems = (packages: readonly Package[]): string[] =>
  packages
    .filter(({ name, license = "" }) => excepted[name]?.licence !== license && !isAllowed(license))
    .map(({ name, license = "no licence" }) => `${name}: ${license}`);

/** Whether an SPDX expression is met by what is allowed: all that AND joins, one of what OR joins. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, "$1");
  if (/[()]/.test(plain)) return false;
  return plain.split(" OR ").some((one) => one.split(" AND ").every((name) => allowed.includes(name)));
}
