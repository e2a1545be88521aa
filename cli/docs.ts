import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { guidePath, withTables } from "./docs/guide.ts";
import { settingsFiles } from "./docs/settings.ts";
import { projectFolder } from "../engine/stack-files.ts";

await main(async () => {
  const guide = withTables(readFileSync(join(projectFolder, guidePath), "utf8"));
  for (const [file, text] of [...settingsFiles(), [guidePath, guide] as const]) {
    console.log(`${file}: ${writeIfChanged(join(projectFolder, file), text) ? "written" : "current"}`);
  }
  return Promise.resolve();
});
