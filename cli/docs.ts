import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { pages } from "./docs/pages.ts";
import { settingsFiles } from "./docs/settings.ts";
import { projectFolder } from "../engine/stack-files.ts";

await main(
  new Command("docs").description("Writes the generated documents and tables of docs/.").action(() => {
    const written = Object.entries(pages).map(
      ([file, withTables]) => [file, withTables(readFileSync(join(projectFolder, file), "utf8"))] as const,
    );
    for (const [file, text] of [...settingsFiles(), ...written]) {
      console.log(`${file}: ${writeIfChanged(join(projectFolder, file), text) ? "written" : "current"}`);
    }
  }),
);
