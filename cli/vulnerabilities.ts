import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { projectFolder } from "../engine/stack-files.ts";
import { main } from "./main.ts";
import { judge } from "./vulnerabilities/judge.ts";

await main(
  new Command("vulnerabilities")
    .description(
      "Asks npm's registry for known vulnerabilities of the packages in package-lock.json. Fails on any; a registry that " +
        "does not tell is a warning.",
    )
    .action(async () => {
      const { unanswered, found } = judge(await npmAudit());
      if (unanswered !== undefined) {
        const words = `Nobody looked for known vulnerabilities: the registry did not tell (${unanswered}).`;
        console.log(process.env["GITHUB_ACTIONS"] ? `::warning title=npm audit::${words}` : words);
        return;
      }
      if (found.length > 0) {
        throw new UserError(["Known vulnerabilities in package-lock.json:", ...found].join("\n  "));
      }
      console.log("No known vulnerabilities in package-lock.json.");
    }),
);

/** What npm prints; its exit code is 1 for a finding as for a failure. */
async function npmAudit(): Promise<string> {
  const words = ["audit", "--json", "--package-lock-only"];
  const answer = promisify(execFile)("npm", words, { cwd: projectFolder, maxBuffer: 64e6 });
  return (await answer.catch((error: { stdout?: string }) => error)).stdout ?? "";
}
