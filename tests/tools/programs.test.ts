import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findProgram, versionAtHand } from "../../tools/on-path.ts";
import { toolPlaces } from "../../tools/places.ts";
import { programNamed, programs, type ProgramName } from "../../tools/programs.ts";
import { stampOf } from "../../tools/stamp.ts";

describe("programs", () => {
  const requirements = (module: string) =>
    readFileSync(path.join(toolPlaces.modules, module, "go.mod"), "utf8").matchAll(
      /^\s*(?:require )?(\S+) (v\S+)$/gm,
    );

  for (const program of programs.filter(
    ({ name }) => !["pulumi-resource-kubernetes", "tempo", "otelcol-contrib"].includes(name),
  )) {
    it(`builds ${program.name} at the version that go.mod pins`, () => {
      const pinned = [...requirements(program.module)].find(([, module]) =>
        program.package.startsWith(module!),
      );
      assert.equal(pinned?.[2], program.version);
    });
  }

  it("tells builds apart by their flags", () => {
    const etcd = programNamed("etcd");
    assert.notEqual(stampOf(etcd), stampOf({ ...etcd, flags: [...etcd.flags, "-race"] }));
    assert.equal(stampOf(etcd), stampOf({ ...etcd }));
  });
});

describe("finding a program", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "programs-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (file: string, answer: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(file, 0o755);
    return file;
  };

  const answers: [name: ProgramName, answer: string, version: string | undefined, refused?: string][] = [
    ["pulumi", "v3.259.0", "3.259.0"],
    ["pulumi", "v4.0.0", "4.0.0", "is 4.0, wanted 3.220 or later"],
    ["kube-apiserver", "Kubernetes v1.36.3", "1.36.3"],
    ["kube-apiserver", "Kubernetes v1.31.0", "1.31.0"],
    ["kube-apiserver", "Kubernetes v1.9.11", "1.9.11", "is 1.9, wanted 1.31 or later"],
    ["etcd", "etcd Version: 3.6.14\nGit SHA: 1a2b3c", "3.6.14"],
    ["etcd", "etcd Version: 3.4.1", "3.4.1", "is 3.4, wanted 3.5 or later"],
    ["etcd", "usage: etcd [flags]", undefined, "does not say its version"],
    ["kwok", "kwok version v0.8.0 go1.26.8 (linux/amd64)", "0.8.0"],
    ["kwok", "kwok version v0.10.0 go1.26.8 (linux/amd64)", "0.10.0"],
    ["tempo", "tempo, version 2.8.0-rc (branch: main)", "2.8.0"],
    ["tempo", "tempo, version 3.0.3 (branch: HEAD)", "3.0.3"],
    ["tempo", "tempo, version 4.0.0 (branch: HEAD)", "4.0.0", "is 4.0, wanted 2.8 or later"],
  ];
  for (const [name, answer, version, refused] of answers) {
    it(`${refused ? "refuses" : "takes"} the ${name} on PATH that says ${JSON.stringify(answer)}`, async () => {
      const file = install(path.join(folder, name), answer);
      const found = await findProgram(programNamed(name), { PATH: folder });
      assert.deepEqual({ ...found, version: found?.version?.version }, { file, version, refused });
    });
  }

  it("tells the version of what would be run, without building it", async () => {
    const tempo = programNamed("tempo");
    const versionAt = async () => (await versionAtHand(tempo, { PATH: folder })).version;
    assert.equal(await versionAt(), "2.8.0");
    install(path.join(folder, "tempo"), "tempo, version 1.5.0 (branch: main)");
    assert.equal(await versionAt(), "2.8.0");
    install(path.join(folder, "tempo"), "tempo, version 3.0.3 (branch: HEAD)");
    assert.equal(await versionAt(), "3.0.3");
  });

  it("prefers the one that a variable names to those on PATH", async () => {
    install(path.join(folder, "tempo"), "tempo, version 2.8.0");
    const named = install(path.join(folder, "named", "tempo-3"), "tempo, version 3.0.3");
    const tempo = programNamed("tempo");
    assert.equal((await findProgram(tempo, { PATH: folder, TEMPO_BIN: named }))?.file, named);
  });

  for (const [what, place] of [
    ["nothing", "nowhere"],
    ["a folder", "."],
    ["a file that cannot be run", "notes"],
  ] as const) {
    it(`refuses a variable that names ${what}, whatever is on PATH`, async () => {
      install(path.join(folder, "tempo"), "tempo, version 3.0.3");
      writeFileSync(path.join(folder, "notes"), "");
      const named = path.join(folder, place);
      await assert.rejects(findProgram(programNamed("tempo"), { PATH: folder, TEMPO_BIN: named }), {
        name: "UserError",
        exitCode: 2,
        message: `TEMPO_BIN names no program that can be run: ${named}. Correct it, or unset it.`,
      });
    });
  }

  it("says why one on PATH will not do", async () => {
    install(path.join(folder, "etcd"), "etcd Version: 3.4.1");
    const found = await findProgram(programNamed("etcd"), { PATH: folder });
    assert.equal(found?.refused, "is 3.4, wanted 3.5 or later");
  });

  it("looks in no relative folder of PATH", async () => {
    install(path.join(folder, "etcd"), "etcd Version: 3.6.0");
    assert.equal(
      await findProgram(programNamed("etcd"), { PATH: path.relative(process.cwd(), folder) }),
      undefined,
    );
  });

  it("takes the newest provider of the major version that the Pulumi CLI has fetched", async () => {
    const plugin = (version: string) =>
      install(
        path.join(folder, "plugins", `resource-kubernetes-v${version}`, "pulumi-resource-kubernetes"),
        "",
      );
    plugin("4.9.0");
    plugin("3.30.0");
    const newest = plugin("4.34.2");
    const found = await findProgram(programNamed("pulumi-resource-kubernetes"), {
      PATH: "",
      PULUMI_HOME: folder,
    });
    assert.equal(found?.file, newest);
  });
});
