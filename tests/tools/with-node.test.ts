import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";

describe("tools/with-node", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "node-"));
    for (const file of ["node", "with-node"]) {
      cpSync(join(projectFolder, "tools", file), join(folder, "tools", file));
    }
    install("path/uname", `[ "$1" = -s ] && echo Linux || echo x86_64`);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (file: string, script: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, file), 0o755);
  };
  const oldNode = () => install("path/node", `[ "$1" = --version ] && echo v20.20.2`);
  const newNode = () => install("path/node", `[ "$1" = -e ] || echo "new Node: $*"`);
  const run = (...command: string[]) =>
    spawnSync(join(folder, "tools/with-node"), command, {
      encoding: "utf8",
      env: { PATH: `${join(folder, "path")}:/usr/bin:/bin` },
    });

  it("takes the Node on PATH when it is new enough, and says nothing of it", () => {
    newNode();
    const { stdout, stderr, status } = run("node", "cli/smoke.ts", "--help");
    assert.equal(stdout, "new Node: cli/smoke.ts --help\n");
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });

  it("says in one line which Node is needed, and brings it from npm beside an older one, once", () => {
    oldNode();
    // As npm does with `install --prefix <folder> … <package>@<version>`.
    install(
      "path/npm",
      `for last; do :; done
       bin="$3/node_modules/\${last%@*}/bin"
       mkdir -p "$bin"
       printf '#!/bin/sh\\n[ "$1" = -e ] || echo "new Node: $*"\\n' > "$bin/node"
       chmod +x "$bin/node"`,
    );
    const first = run("node", "cli/smoke.ts");
    assert.match(
      first.stderr,
      /^This project needs Node 22\.18 or later; found: v20\.20\.2\. Installing Node 24\.\d+\.\d+ from npm into \.tools\/node \(once, usually 10 s\)\.\n$/,
    );
    assert.equal(first.stdout, "new Node: cli/smoke.ts\n");
    assert.deepEqual([run("node", "x").stdout, run("node", "x").stderr], ["new Node: x\n", ""]);
  });

  it("says so and runs nothing where npm cannot bring it", () => {
    oldNode();
    install("path/npm", "echo 'npm error network' >&2; exit 1");
    const { stdout, stderr, status } = run("echo", "it ran");
    assert.equal(stdout, "");
    assert.match(stderr, /Install Node 22\.18 or later and try again\.\n$/);
    assert.equal(status, 1);
  });
});

describe("npm run", () => {
  const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const [name, script] of Object.entries(scripts)) {
    it(`${name} runs with a Node that can run it`, () => {
      for (const command of script.split("&&")) assert.match(command.trim(), /^tools\/with-node /);
    });
  }
});
