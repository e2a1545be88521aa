import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { describeRelease, isOlder, releaseIn } from "../../release/version.ts";
import { run } from "../program/run.ts";

const changelog = readFileSync(join(projectFolder, "CHANGELOG.md"), "utf8");
const headings = [...changelog.matchAll(/^## \[(.+?)\](?: - (\d{4}-\d{2}-\d{2}))?$/gm)].map(
  ([, version, date]) => ({ version: version!, date }),
);
const released = headings.filter(({ version }) => version !== "Unreleased");

describe("the version", () => {
  it("is that of the changelog's newest release", () => {
    assert.equal(released[0]?.version, manifest.version);
  });

  for (const environment of environments()) {
    it(`stands on every object of ${environment}, and in its outputs`, async () => {
      const { kubernetes, outputs } = await run(environment);
      assert.equal(outputs.stackVersion, manifest.version);
      for (const { kind, metadata } of kubernetes) {
        assert.equal(
          metadata.annotations["llm-tracing/version"],
          manifest.version,
          `${kind} ${metadata.name}`,
        );
      }
    });
  }
});

describe("the changelog", () => {
  it("has a date for every release, the newest first, below what is not yet released", () => {
    assert.ok(headings.slice(1).every(({ version }) => version !== "Unreleased"));
    assert.ok(released.every(({ date }) => date !== undefined));
    for (const [index, { version }] of released.slice(1).entries()) {
      assert.ok(isOlder(version, released[index]!.version), version);
    }
  });

  it("says of every release what an operator sees on up", () => {
    const [, ...sections] = changelog.split(/^## /m);
    const silent = sections.filter(
      (text) => !text.startsWith("[Unreleased]") && !/^### On `pulumi up`\n\n- /m.test(text),
    );
    assert.deepEqual(silent, []);
  });
});

describe("a version is older", () => {
  /** From semver.org, in order. */
  const inOrder = [
    "0.9.9",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "2.0.0",
  ];

  it("than each that comes after it, and than no other", () => {
    for (const [place, version] of inOrder.entries()) {
      for (const [other, than] of inOrder.entries()) {
        assert.equal(isOlder(version, than), place < other, `${version} and ${than}`);
      }
    }
  });

  it("whatever its build, and never when one is no version", () => {
    assert.equal(isOlder("1.0.0+a", "1.0.0+b"), false);
    assert.equal(isOlder("1.0.0+z", "1.0.1+a"), true);
    assert.equal(isOlder("1.0", "2.0.0"), false);
    assert.equal(isOlder("1.0.0", "latest"), false);
  });
});

describe("what a stack runs", () => {
  const release = { stackVersion: "0.1.0", bundleDigest: "1111" };

  it("is in its outputs, of the first version without the image, and unknown when another is missing or secret", () => {
    const tempoImage = "docker.io/grafana/tempo:3.0.3";
    assert.deepEqual(releaseIn({ ...release, tempoImage, environment: "dev" }), { ...release, tempoImage });
    assert.deepEqual(releaseIn({ ...release, environment: "dev" }), release);
    assert.equal(releaseIn({}), undefined);
    assert.equal(releaseIn(null), undefined);
    assert.equal(releaseIn({ stackVersion: "0.1.0" }), undefined);
    assert.equal(releaseIn({ ...release, bundleDigest: { "[secret]": true } }), undefined);
  });

  for (const [what, version] of [
    ["colours", "\u001b[31m0.1.0\u001b[0m"],
    ["a window's title", "\u001b]0;owned\u00070.1.0"],
    ["a line that is written over", "\r0.1.0\n"],
    ["text that runs backwards", "\u202e0.1.0\u2069"],
  ] as const) {
    it(`is named without ${what}, which whoever may write the state could put there`, () => {
      assert.equal(describeRelease({ ...release, stackVersion: version }), describeRelease(release));
    });
  }
});
