import { join } from "node:path";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { settingsFiles } from "./settings-docs.ts";
import { projectFolder } from "./stack-files.ts";

await main(async () => {
  for (const [file, text] of settingsFiles()) {
    console.log(`${file}: ${writeIfChanged(join(projectFolder, file), text) ? "written" : "current"}`);
  }
  return Promise.resolve();
});
