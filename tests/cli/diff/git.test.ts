import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Report } from "../../../cli/diff/report.ts";
import type { Files } from "../../../cli/diff/snapshot.ts";
import { projectFolder } from "../../../engine/stack-files.ts";
import { committed, edited, put, withTempo } from "./trees.ts";

describe("npm run diff", () => {
  let root: string;
  let project: string;

  const write = (folder: string, files: Files) => {
    rmSync(join(folder, "rendered"), { recursive: true, force: true });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  const git = (...args: string[]) => {
    const settings = [
      "-c",
      "user.name=Test",
      "-c",
      "user.email=test@example.com",
      "-c",
      "commit.gpgSign=false",
    ];
    return execFileSync("git", [...settings, ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });
  };
  const commit = (files: Files, name: string) => {
    write(project, files);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", name);
    git("tag", name);
  };
  const diff = (...args: string[]) => {
    const run = spawnSync(process.execPath, [join(project, "cli/diff.ts"), ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, LANG: "de_DE.UTF-8", LC_ALL: "" },
    });
    return { status: run.status, stdout: run.stdout, stderr: run.stderr };
  };
  const json = (...args: string[]) => JSON.parse(diff(...args, "--output", "json").stdout) as Report;

  // The project in a folder of its repository: paths in git are then not those on disk.
  before(() => {
    root = mkdtempSync(join(tmpdir(), "llm-tracing-diff-"));
    project = join(root, "repository", "tracing");
    mkdirSync(project, { recursive: true });
    for (const part of [
      "cli",
      "components",
      "engine",
      "policy",
      "release",
      "settings",
      "telemetry",
      "terminal",
      "errors.ts",
      "package.json",
    ]) {
      cpSync(join(projectFolder, part), join(project, part), { recursive: true });
    }
    symlinkSync(join(projectFolder, "node_modules"), join(project, "node_modules"));
    writeFileSync(join(project, ".gitignore"), "node_modules\n");
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", dirname(project)]);
    commit(new Map(), "empty");
    commit(committed, "first");
    commit(new Map([...committed, ["rendered/dev/broken.yaml", "kind: Secret\nx: {hunter2\n"]]), "broken");
    commit(new Map([...committed, ["rendered/dev/list.yaml", "- hunter2\n"]]), "list");
    commit(committed, "last");
  });

  after(() => rmSync(root, { recursive: true, force: true }));
  afterEach(() => write(project, committed));

  it("says that nothing changes, and ends well", () => {
    assert.deepEqual(diff("--base", "first"), { status: 0, stdout: "No change.\n", stderr: "" });
  });

  it("compares what is on disk, committed or not, with what the ref has, and changes neither", () => {
    write(project, withTempo(committed, put("server.log_level", "warn")));
    const status = git("status", "--porcelain");
    const { changes, base, head } = json("--base", "first");
    assert.deepEqual([base, head], ["first", "the working tree"]);
    assert.deepEqual(
      changes.map(({ environments, fields }) => [environments, fields]),
      [[["dev", "staging", "prod"], ["server.log_level"]]],
    );
    assert.equal(git("status", "--porcelain"), status);
    assert.equal(diff("--base", "first").status, 0);
  });

  it("takes any name of a commit", () => {
    for (const ref of ["main", "HEAD", "HEAD~3", git("rev-parse", "first").trim()]) {
      assert.equal(diff("--base", ref).stdout, "No change.\n", ref);
    }
  });

  it("reads file names that are not ASCII, and texts that are not", () => {
    const files = new Map(committed).set(
      "rendered/dev/größe.yaml",
      'kind: ConfigMap\nmetadata: { name: grün }\ndata: { ü: "日本" }\n',
    );
    commit(files, "unicode");
    commit(committed, "again");
    assert.deepEqual(
      json("--base", "unicode").changes.map(({ subject, action }) => `${action} ${subject}`),
      ["removed ConfigMap grün"],
    );
  });

  it("compares two projects, two rendered folders, and two environments", () => {
    const other = join(root, "other");
    // Beside the folders of objects lie files of rules, which are none.
    const rules = new Map([["rendered/dev.rules.yaml", "groups: []\n"]]);
    write(project, new Map([...committed, ...rules]));
    const changed = edited(committed, /service-tempo\.yaml/, put("spec.type", "NodePort"));
    write(other, new Map([...changed, ...rules]));
    const places = ["", "rendered", "rendered/dev"].map((path) => [join(project, path), join(other, path)]);
    const environments = places.map(([base, head]) => json(base!, head!).changes[0]?.environments);
    assert.deepEqual(environments, [["dev", "staging", "prod"], ["dev", "prod", "staging"], ["dev"]]);
    const across = json(join(other, "rendered/dev"), join(other, "rendered/prod"));
    assert.deepEqual(across.environments, ["dev → prod"]);
    assert.ok(across.changes.some(({ fields }) => fields[0]?.endsWith(".block_retention")));
  });

  it("looks at the environments that are named", () => {
    write(project, edited(committed, /service-tempo\.yaml/, put("spec.type", "NodePort")));
    const { environments, changes } = json(
      "--base",
      "first",
      "--environment",
      "prod",
      "--environment",
      "dev",
    );
    assert.deepEqual(
      [environments, changes[0]?.environments],
      [
        ["dev", "prod"],
        ["dev", "prod"],
      ],
    );
  });

  const mistakes: readonly [what: string, args: () => string[], status: number, message: RegExp][] = [
    [
      "a ref that does not exist",
      () => ["--base", "nowhere"],
      1,
      /^git knows no commit "nowhere" here; fetch it/,
    ],
    ["a ref that looks like an option", () => ["--base=--help"], 1, /^git knows no commit "--help" here/],
    ["a ref with nothing rendered", () => ["--base", "empty"], 1, /^There is nothing to compare in empty: /],
    [
      "unreadable YAML",
      () => ["--base", "broken"],
      1,
      /^rendered\/dev\/broken\.yaml \(broken\) is no valid YAML at line 3\.$/,
    ],
    [
      "what is no object",
      () => ["--base", "list"],
      1,
      /^rendered\/dev\/list\.yaml \(list\) is no Kubernetes object/,
    ],
    ["a folder that does not exist", () => [project, join(root, "none")], 1, /^There is no folder .*none\.$/],
    [
      "a folder with nothing rendered",
      () => [project, join(project, "cli/diff")],
      1,
      /^There is nothing to compare/,
    ],
    ["neither a ref nor folders", () => [], 2, /^Give --base <git ref>, or the two folders to compare\.$/],
    ["one folder", () => [project], 2, /^Give --base/],
    ["three folders", () => [project, project, project], 2, /^Give --base/],
    [
      "a folder with a link that leads nowhere",
      () => {
        const torn = join(root, "torn");
        mkdirSync(join(torn, "rendered/dev"), { recursive: true });
        symlinkSync("nothing", join(torn, "rendered/dev/a.yaml"));
        return [torn, project];
      },
      1,
      /^\S+a\.yaml is a link that leads nowhere\.$/,
    ],
    [
      "a ref and folders",
      () => ["--base", "first", project],
      2,
      /^Give either --base or two folders, not both\.$/,
    ],
    [
      "an environment that does not exist",
      () => ["--base", "first", "--environment", "moon"],
      2,
      /"moon".* dev, staging, prod\.$/,
    ],
    [
      "an output that does not exist",
      () => ["--base", "first", "--output", "pdf"],
      2,
      /^error: option '--output/,
    ],
    ["an option that does not exist", () => ["--bse", "first"], 2, /^error: unknown option/],
  ];
  for (const [what, args, status, message] of mistakes) {
    it(`ends with ${status} and a sentence for ${what}`, () => {
      const run = diff(...args());
      assert.match(run.stderr.trimEnd().split("\n")[0]!, message);
      assert.doesNotMatch(run.stderr, /^ {4}at |hunter2/m);
      assert.deepEqual([run.status, run.stdout], [status, ""]);
    });
  }

  it("ends with 1 and a sentence outside a repository", () => {
    const bare = join(root, "bare");
    cpSync(project, bare, { recursive: true, verbatimSymlinks: true });
    const { status, stderr } = spawnSync(process.execPath, [join(bare, "cli/diff.ts"), "--base", "main"], {
      encoding: "utf8",
      env: { ...process.env, GIT_CEILING_DIRECTORIES: root },
    });
    assert.match(stderr, /is no git repository; compare two folders instead\.\n$/);
    assert.equal(status, 1);
  });
});
