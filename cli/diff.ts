import { Command, Option } from "commander";
import { UserError } from "../errors.ts";
import { environmentOf, filesOfFolder, filesOfProject, filesOfRef } from "./diff/files.ts";
import { markdown } from "./diff/markdown.ts";
import type { Report } from "./diff/report.ts";
import { snapshot, type Snapshot } from "./diff/snapshot.ts";
import { compareSnapshots } from "./diff/snapshots.ts";
import { text } from "./diff/text.ts";
import { main } from "./main.ts";
import { projectFolder } from "../engine/stack-files.ts";

interface Options {
  readonly base?: string;
  readonly environment: string[];
  readonly output: keyof typeof formats;
}

const formats = {
  text: (report: Report) => text(report, process.stdout),
  markdown,
  json: (report: Report) => JSON.stringify(report, undefined, 2),
};

await main(
  new Command("diff")
    .description(
      "Tells what a change means for each environment: rendered/ of a git ref beside rendered/ here, or two folders.",
    )
    .argument("[folders...]", "two folders to compare: projects, rendered folders or single environments")
    .option("--base <ref>", "git ref to compare the working tree with")
    .option("--environment <name>", "only this environment; can be given several times", collect, [])
    .addOption(new Option("--output <format>", "what to print").choices(Object.keys(formats)).default("text"))
    .action((folders: string[], { base: ref, environment, output }: Options) => {
      const [base, head] = ref === undefined ? fromFolders(folders) : fromGit(ref, folders);
      console.log(formats[output](compareSnapshots(base, head, environment)));
    }),
);

function fromGit(ref: string, folders: readonly string[]): [Snapshot, Snapshot] {
  if (folders.length > 0) throw new UserError("Give either --base or two folders, not both.", 2);
  return [
    snapshot(ref, filesOfRef(ref, projectFolder)),
    snapshot("the working tree", filesOfProject(projectFolder)),
  ];
}

function fromFolders(folders: readonly string[]): [Snapshot, Snapshot] {
  const [base, head, ...others] = folders;
  if (base === undefined || head === undefined || others.length > 0) {
    throw new UserError("Give --base <git ref>, or the two folders to compare.", 2);
  }
  const environment = environmentOf(base, head);
  return [snapshot(base, filesOfFolder(base, environment)), snapshot(head, filesOfFolder(head, environment))];
}

function collect(name: string, names: readonly string[]): string[] {
  return [...names, name];
}
