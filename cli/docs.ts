import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { guidePath, withTables } from "./guide-docs.ts";
import { settingsFiles } from "./settings-docs.ts";
import { projectFolder } from "./stack-files.ts";

await main(async () => {
  const guide = withTables(readFileSync(join(projectFolder, guidePath), "utf8"));
  for (const [file, text] of [...settingsFiles(), [guidePath, guide] as const]) {
    console.log(`${file}: ${writeIfChanged(join(projectFolder, file), text) ? "written" : "current"}`);
  }
  return Promise.resolve();
});
