import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { environmentSettings } from "../engine/environment-settings.ts";
import { environments, projectFolder } from "../engine/stack-files.ts";
import { startGuard } from "../processes/guard.ts";
import type { Guard } from "../processes/guard.ts";
import { sandboxPrograms, startSandbox, stopSandbox } from "../sandbox/sandbox.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { streamLog } from "../terminal/log.ts";
import { ensureTools } from "../tools/ensure.ts";
import { audit } from "./audit/audit.ts";
import { renderDistributed } from "./audit/distributed.ts";
import { exceptions } from "./audit/exceptions.ts";
import { readManifests } from "./audit/judge.ts";
import { checkovIfAny, judgePrograms, judgesFor } from "./audit/judges.ts";
import { policies } from "./audit/policies.ts";
import { main } from "./main.ts";

const log = streamLog(process.stdout);

await main(
  new Command("audit")
    .description(
      "Has rendered/, and a distributed Tempo, judged by the project's own policies, kube-score, checkov and kubeconform, the last by the schemas " +
        "of an API server that is started for it, and prints what they found. Fails on what is not excepted.",
    )
    .action(async () => {
      const guard = startGuard();
      const stopping = "Stopping what this run started…";
      try {
        await interruptible({ guard, log, stopping, patient: false }, () => run(guard));
      } finally {
        await guard.stop();
      }
    }),
);

async function run(guard: Guard): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-tracing-audit-"));
  const distributed = await renderDistributed(path.join(folder, "distributed"));
  const rendered = [
    ...environments().map((environment) => ({
      environment,
      ours: policies(environmentSettings(environment), new Date()),
      manifests: readManifests(path.join(projectFolder, "rendered", environment)),
    })),
    {
      environment: "distributed",
      ours: policies(distributed.settings, new Date()),
      manifests: distributed.manifests,
    },
  ];
  const tools = await ensureTools([...sandboxPrograms, ...judgePrograms], { guard, log });
  const checkov = await checkovIfAny({ guard, log });
  const dir = path.join(folder, "sandbox");
  try {
    const { api } = await startSandbox({ dir, guard, tools, log });
    const manifests = rendered.flatMap((each) => each.manifests);
    const judges = [
      ...(await judgesFor(manifests, { api, tools, schemas: path.join(folder, "schemas") })),
      ...checkov,
    ];
    const { table, problems } = await log.step("Judging", 20, () =>
      audit(
        new Map(
          rendered.map(({ environment, manifests, ours }) => [
            environment,
            { manifests, judges: [ours, ...judges] },
          ]),
        ),
        exceptions,
      ),
    );
    ["", ...table, ""].forEach((line) => log.line(line));
    log.line(
      "Excepted, with reasons: cli/audit/exceptions.ts, and policy/exceptions.ts, whose are not counted.",
    );
    if (problems.length > 0) throw new UserError(["Found, and not excepted:", ...problems].join("\n  "));
  } finally {
    await stopSandbox({ dir });
    rmSync(folder, { recursive: true });
  }
}
