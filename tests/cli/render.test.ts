import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { copyOfProject, run } from "./run.ts";

describe("render", () => {
  let folder: string;
  let rendered: string;
  before(() => {
    folder = copyOfProject();
    rendered = join(folder, "rendered");
    cpSync(join(projectFolder, "rendered"), rendered, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const filesOf = (environment: string) => readdirSync(join(rendered, environment));
  const renderAll = async () => {
    const { status, stderr } = await run("render", [], folder);
    assert.deepEqual({ status, stderr }, { status: undefined, stderr: "" });
    assert.deepEqual(
      readdirSync(rendered).toSorted(),
      environments()
        .flatMap((name) => [name, `${name}.rules.yaml`])
        .toSorted(),
    );
    for (const environment of environments())
      assert.deepEqual(filesOf(environment), readdirSync(join(projectFolder, "rendered", environment)));
  };

  it("removes what nobody renders any more: an environment without a stack file, a file, a folder, a link", async () => {
    mkdirSync(join(rendered, "gone"));
    writeFileSync(join(rendered, "gone/7-statefulset-tempo.yaml"), "");
    mkdirSync(join(rendered, "dev/more"));
    writeFileSync(join(rendered, "dev/more/a.yaml"), "");
    symlinkSync("nothing", join(rendered, "dev/link.yaml"));
    await renderAll();
  });

  it("takes the place of a file that has an environment's name", async () => {
    rmSync(join(rendered, "dev"), { recursive: true });
    writeFileSync(join(rendered, "dev"), "");
    await renderAll();
  });

  it("leaves the others alone where one is named", async () => {
    mkdirSync(join(rendered, "mine"));
    const { status } = await run("render", ["dev"], folder);
    assert.equal(status, undefined);
    assert.ok(existsSync(join(rendered, "mine")));
  });
});
