import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { budgetLine } from "./render/budget.ts";
import { writeIfChanged } from "./files.ts";
import { main } from "./main.ts";
import { promotionNotes, renderEnvironment } from "../engine/rendering.ts";
import { environments, projectFolder, readStackFile } from "../engine/stack-files.ts";
import { checkExceptions, checkPolicies } from "../policy/check.ts";
import { contextOf } from "../policy/context.ts";

const rendered = join(projectFolder, "rendered");
const rulesFile = (environment: string): string => `${environment}.rules.yaml`;

await main(
  new Command("render")
    .description(
      "Writes the manifests of every environment to rendered/, if they pass the policies, without a cluster.",
    )
    .argument("[environments...]", "environments to render; all of them when none is given")
    .action(async (named: string[]) => {
      const chosen = named.length > 0 ? named : environments();
      chosen.forEach(readStackFile);
      const today = new Date();
      // All are judged before anything is written.
      const judged = [];
      for (const environment of chosen) judged.push(await judge(environment, today));
      if (named.length === 0) {
        checkExceptions(new Set(judged.flatMap(({ used }) => used)), { today });
        keepOnly(
          rendered,
          chosen.flatMap((environment) => [environment, rulesFile(environment)]),
        );
      }
      judged.forEach(report);
    }),
);

type Judged = Awaited<ReturnType<typeof judge>>;

async function judge(environment: string, today: Date) {
  const { settings, kubernetes, objects, rules, outputs } = await renderEnvironment(environment);
  const context = contextOf(settings, { forGitOps: true });
  return {
    environment,
    settings,
    objects,
    rules,
    outputs,
    ...checkPolicies(environment, kubernetes, context, { today }),
  };
}

function report({ environment, settings, objects, rules, outputs, warnings }: Judged): void {
  const note = promotionNotes(outputs).map((text) => `; ${text}`);
  const folder = join(rendered, environment);
  const changed =
    write(folder, new Map(objects.map(({ file, yaml }) => [file, yaml]))) +
    // Beside the folder: it is no object, and GitOps applies all that is in it.
    Number(writeIfChanged(join(rendered, rulesFile(environment)), rules));
  console.log(
    `rendered/${environment}: ${objects.length} objects, ${changed === 0 ? "none" : changed} changed${note.join("")}`,
  );
  console.log(`  ${budgetLine(settings)}`);
  warnings.forEach((warning) => console.warn(`  ${warning}`));
}

/** Makes the folder hold exactly these files; returns how many were written or removed. */
function write(folder: string, files: ReadonlyMap<string, string>): number {
  const stale = keepOnly(folder, [...files.keys()]);
  const changed = [...files].filter(([file, text]) => writeIfChanged(join(folder, file), text));
  return stale + changed.length;
}

/** Removes from a folder what has none of these names, such as what a GitOps tool would go on applying; returns how much. */
function keepOnly(folder: string, names: readonly string[]): number {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) rmSync(folder, { force: true });
  mkdirSync(folder, { recursive: true });
  const stale = readdirSync(folder).filter((name) => !names.includes(name));
  for (const name of stale) rmSync(join(folder, name), { recursive: true });
  return stale.length;
}
