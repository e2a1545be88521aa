import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import lock from "../../package-lock.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { projectFolder } from "../../engine/stack-files.ts";
import { digestOf, images, repositoryOf, withoutDigest } from "../../release/images.ts";
import { excepted, licenceProblems, type Package } from "./licences.ts";

const packages: readonly Package[] = Object.entries(lock.packages as Record<string, Omit<Package, "name">>)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf("node_modules/") + 13) }));

const registry = "https://registry.npmjs.org/";

const textOf = (path: string): string => readFileSync(join(projectFolder, path), "utf8");

describe("the packages that npm installs", () => {
  it("have licences that are allowed, or excepted with a reason", () => {
    assert.deepEqual(licenceProblems(packages), []);
  });

  it("need every exception", () => {
    assert.deepEqual(
      Object.entries(excepted).filter(
        ([name, { licence }]) => !packages.some((each) => each.name === name && each.license === licence),
      ),
      [],
    );
  });

  it("come from npm's registry, each with the hash of its content", () => {
    assert.deepEqual(
      packages.filter(
        // npm leaves out where a package is when that is its registry.
        ({ resolved = registry, integrity }) =>
          !resolved.startsWith(registry) || !integrity?.startsWith("sha512-"),
      ),
      [],
    );
  });

  it("are asked for in one version", () => {
    const wanted = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      wanted.filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it("run no script when they are installed", () => {
    const scripted = Object.entries(lock.packages as Record<string, { hasInstallScript?: boolean }>)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13));
    assert.deepEqual(
      scripted.filter((name) => (manifest.allowScripts as Record<string, boolean>)[name] !== false),
      [],
    );
  });
});

describe("a licence", () => {
  for (const [license, isFine] of [
    ["MIT", true],
    ["(MIT OR GPL-3.0-only)", true],
    ["(BSD-3-Clause AND Apache-2.0)", true],
    ["(MIT AND GPL-3.0-only)", false],
    ["(MIT OR (GPL-3.0-only AND ISC))", false],
    ["AGPL-3.0-only", false],
    [undefined, false],
  ] as const) {
    it(`${license ?? "that is not there"} is ${isFine ? "allowed" : "refused"}`, () => {
      assert.equal(licenceProblems([{ name: "x", license }]).length, isFine ? 0 : 1);
    });
  }

  it("that is excepted is refused when it has become another", () => {
    assert.deepEqual(licenceProblems([{ name: "spdx-exceptions", license: "GPL-3.0-only" }]), [
      "spdx-exceptions: GPL-3.0-only",
    ]);
  });
});

describe("the programs from elsewhere", () => {
  // Go itself refuses a module that is not in it.
  it("have a list of hashes for every Go module", () => {
    const folders = globSync("tools/*/go.mod", { cwd: projectFolder }).map(dirname);
    assert.ok(folders.length > 0);
    for (const folder of folders) assert.match(textOf(join(folder, "go.sum")), /^\S+ v\S+ h1:\S+=$/m);
  });

  for (const file of globSync("tools/*/requirements.txt", { cwd: projectFolder })) {
    it(`have the hashes of the packages in ${file}`, () => {
      const wanted =
        textOf(file)
          .replaceAll("\\\n", " ")
          .match(/^[\w.[\]-]+==.*$/gm) ?? [];
      assert.ok(wanted.length > 0);
      assert.deepEqual(
        wanted.filter((line) => !line.includes("--hash=sha256:")),
        [],
      );
    });
  }
});

const renovate = JSON.parse(textOf("renovate.json")) as {
  enabledManagers: string[];
  customManagers: [{ managerFilePatterns: [string]; matchStrings: [string]; versioningTemplate: string }];
};

describe("renovate.json", () => {
  for (const [manager, pattern] of [
    ["npm", "package.json"],
    ["gomod", "tools/*/go.mod"],
    ["github-actions", ".github/workflows/*.yml"],
    ["pip_requirements", "tools/*/requirements.in"],
    ["custom.regex", "release/images.ts"],
  ] as const) {
    it(`watches ${pattern}`, () => {
      assert.ok(renovate.enabledManagers.includes(manager));
      assert.ok(globSync(pattern, { cwd: projectFolder }).length > 0);
    });
  }
});

describe("renovate.json, of the image table,", () => {
  const [{ managerFilePatterns, matchStrings, versioningTemplate }] = renovate.customManagers;
  const found = (text: string) =>
    [...text.matchAll(new RegExp(matchStrings[0], "g"))].map(({ groups }) => ({ ...groups }));
  const table = textOf("release/images.ts");
  const parts = Object.values(images).map((image) => ({
    depName: repositoryOf(image),
    currentValue: withoutDigest(image).split(":").at(-1),
    currentDigest: digestOf(image),
  }));

  it("reads every image, and nothing else", () => {
    assert.ok(new RegExp(managerFilePatterns[0].slice(1, -1)).test("release/images.ts"));
    assert.deepEqual(found(table), parts);
  });

  it("reads a digest behind the tag", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const pinned = table.replaceAll(/(:[\d.]+)(@sha256:\w+)?"/g, `$1@${digest}"`);
    assert.deepEqual(
      found(pinned),
      parts.map((each) => ({ ...each, currentDigest: digest })),
    );
  });

  it("keeps a line of Tempo in the line", () => {
    const line = (version: string) =>
      new RegExp(versioningTemplate.replace("regex:", "")).exec(version)?.groups?.["compatibility"];
    assert.deepEqual(
      parts.map(({ currentValue }) => line(currentValue!)),
      [...Object.keys(images).filter((key) => key !== "collector"), "0.159"],
    );
    assert.equal(line("3.0.4-rc.0"), undefined);
  });
});

describe("CODEOWNERS", () => {
  it("names files and folders that there are, each with an owner", () => {
    const rules = textOf(".github/CODEOWNERS")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(/ +/));
    for (const [pattern, ...owners] of rules) {
      assert.ok(pattern === "*" || globSync(pattern!.slice(1), { cwd: projectFolder }).length > 0, pattern);
      assert.ok(owners.length > 0 && owners.every((owner) => /^@[\w-]+(\/[\w-]+)?$/.test(owner)), pattern);
    }
  });
});
