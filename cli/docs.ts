import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { guidePath, withTables } from "./docs/guide.ts";
import { settingsFiles } from "./docs/settings.ts";
import { projectFolder } from "../engine/stack-files.ts";

await main(
  new Command("docs").description("Writes the generated documents and tables of docs/.").action(() => {
    const guide = withTables(readFileSync(join(projectFolder, guidePath), "utf8"));
    for (const [file, text] of [...settingsFiles(), [guidePath, guide] as const]) {
      console.log(`${file}: ${writeIfChanged(join(projectFolder, file), text) ? "written" : "current"}`);
    }
  }),
);
