import path from "node:path";
import { createInterface } from "node:readline/promises";
import { program } from "commander";
import { UserError } from "../errors.ts";
import { qualify } from "../settings/keys.ts";
import { clusterBackend, enginePrograms } from "../engine/backend.ts";
import { sandboxBackend } from "../sandbox/backend.ts";
import type { EngineTools } from "../engine/backend.ts";
import { backendPrograms, startBackends, type Backends } from "../sandbox/trace-backends.ts";
import { furnishNamespaces } from "../sandbox/cluster.ts";
import type { SettingsTree } from "../engine/overrides.ts";
import { requireContext } from "../engine/contexts.ts";
import { hasChanges, openStack } from "../engine/stack.ts";
import type { EngineStack } from "../engine/stack.ts";
import { emptySandbox, environmentsIn } from "../sandbox/environments.ts";
import { sandboxFolder } from "../sandbox/folder.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { sandboxPrograms, startSandbox } from "../sandbox/sandbox.ts";
import { sandboxSettings } from "../sandbox/settings.ts";
import { ensureTools } from "../tools/ensure.ts";
import { streamLog } from "../terminal/log.ts";
import { toolPlaces } from "../tools/places.ts";
import { startGuard } from "../processes/guard.ts";
import type { Guard } from "../processes/guard.ts";
import { withLock } from "../processes/lock.ts";
import { main } from "./main.ts";
import type { RenderedObject } from "../engine/rendering.ts";
import { alignRows, outputLines } from "../terminal/table.ts";
import { readStackFile } from "../engine/stack-files.ts";
import { planOf, type Plan } from "./up/plan.ts";

program
  .name("up")
  .description(
    "Renders and checks an environment, then deploys it: to the sandbox, or to the cluster of a context.",
  )
  .option("--environment <name>", "environment to deploy", "dev")
  .option("--context <name>", "context of your kubeconfig to deploy to, instead of the sandbox")
  .option("--yes", "do not ask before deploying to a cluster", false)
  .parse();

const { environment, context, yes } = program.opts<{ environment: string; context?: string; yes: boolean }>();
const log = streamLog(process.stdout);
const say = (...lines: string[]) => lines.forEach((line) => log.line(line));

await main(async () => {
  const overrides = context === undefined ? await inSandbox() : { cluster: { context } };
  const { objects } = await planAndShow(overrides);
  const guard = startGuard();
  try {
    await (context === undefined
      ? toSandbox(guard, overrides, foreignNamespaces(objects))
      : toCluster(guard, overrides, context));
  } finally {
    await guard.keep();
  }
});

/** What the sandbox changes; nothing is promoted to it: it takes any environment, one at a time. */
async function inSandbox(): Promise<SettingsTree> {
  const promotion = readStackFile(environment).config[qualify("promotion")] as { from?: string } | undefined;
  return {
    ...(await sandboxSettings()),
    ...(promotion?.from !== undefined && { promotion: { override: "this is the sandbox" } }),
  };
}

async function planAndShow(overrides: SettingsTree): Promise<Plan> {
  const title = `Rendering and checking "${environment}"`;
  const plan = await log.step(title, 1, () => planOf(environment, overrides));
  say("", ...plan.lines, "");
  if (context === undefined) say("The sandbox changes:", ...alignRows(plan.changes), "");
  return plan;
}

async function toSandbox(
  guard: Guard,
  overrides: SettingsTree,
  namespaces: readonly string[],
): Promise<void> {
  const folder = sandboxFolder();
  const stopping = "Stopping what this run started…";
  await interruptible({ guard, log, stopping, patient: false }, async () => {
    const tools = await ensureTools([...sandboxPrograms, ...enginePrograms, ...backendPrograms], {
      guard,
      log,
    });
    await withLock(folder.lock, waitingFor, async () => {
      const others = environmentsIn(folder).filter((name) => name !== environment);
      if (others.length > 0) {
        const title = `Emptying the sandbox, which held "${others.join('", "')}"`;
        await log.step(title, 2, () => emptySandbox(folder));
      }
      const sandbox = await startSandbox({ guard, tools, log });
      await furnishNamespaces(sandbox.api, namespaces);
      const stack = await openStack({
        environment,
        backend: sandboxBackend(folder, tools),
        overrides,
        log,
      });
      await deploy(stack, "the sandbox").catch((error: unknown) => {
        say("", "The sandbox is left as it is, to look into; make down stops it.");
        throw error;
      });
      const backends = await startBackends({ folder, api: sandbox.api, guard, tools, log });
      say(
        "",
        "Tempo runs here with the configuration that was deployed, and Prometheus beside it:",
        ...addressLines(backends),
      );
    });
  });
  const kubeconfig = path.relative(process.cwd(), folder.kubeconfig);
  say(
    "",
    "What next:",
    ...alignRows([
      ["make demo", "sends chats, and prints what every panel of the dashboard shows of them"],
      ["make up", "after a change, deploys what changed; ENV=prod: another environment, in its place"],
      ["make up CONTEXT=<name>", "deploys to a cluster of yours, after showing what would change"],
      ["make down", "stops the sandbox; its objects stay until make clean"],
    ]),
    `  kubectl --kubeconfig ${kubeconfig} get all -A`,
  );
}

function addressLines({ otlpHttp, otlpGrpc, tempo, prometheus }: Backends): string[] {
  return alignRows([
    ["OTLP over HTTP", otlpHttp],
    ["OTLP over gRPC", otlpGrpc],
    ["Tempo", tempo],
    ["Prometheus", prometheus],
  ]);
}

async function toCluster(guard: Guard, overrides: SettingsTree, name: string): Promise<void> {
  requireContext(name);
  const stopping =
    "Pulumi finishes what is under way and stops. Ctrl-C again ends it at once, and may leave objects that it does not know of.";
  await interruptible({ guard, log, stopping, patient: true }, async () => {
    const backend = clusterBackend(await clusterTools(guard));
    say(`Deploying to the context ${name}. State: ${backend.description}.`);
    const stack = await openStack({ environment, backend, overrides });
    const isFirst = Object.keys(await stack.outputs()).length === 0;
    say("");
    const changes = await stack.preview({ show: log, diff: !isFirst });
    if (!hasChanges(changes)) {
      say("", `Nothing to change in ${name}.`);
      return;
    }
    await confirm(name);
    say("");
    await stack.up({ show: log });
    await showOutputs(stack);
  });
}

/** The user's own CLI fetches its provider; beside the one that is built here, the provider is built too. */
async function clusterTools(guard: Guard): Promise<EngineTools> {
  const { pulumi } = await ensureTools(["pulumi"], { guard, log });
  return path.dirname(pulumi) === toolPlaces.bin ? ensureTools(enginePrograms, { guard, log }) : { pulumi };
}

async function deploy(stack: EngineStack, where: string): Promise<void> {
  const changes = await log.step(`Comparing with ${where}`, 2, () => stack.preview());
  if (!hasChanges(changes)) {
    say("", `Nothing to change: ${where} has "${environment}" as it is here.`);
    return;
  }
  say("");
  await stack.up({ show: log });
  await showOutputs(stack);
}

async function showOutputs(stack: EngineStack): Promise<void> {
  say("", "Outputs:", ...outputLines(await stack.outputs()));
}

async function confirm(where: string): Promise<void> {
  if (yes) {
    return;
  }
  if (!process.stdin.isTTY) {
    throw new UserError(
      `Nobody to ask whether to deploy to ${where}: YES=1 deploys without asking. Nothing was changed.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nDeploy to ${where}? [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new UserError("Not deployed; nothing was changed.");
  }
}

/** Namespaces that objects go to and that are not among the objects: Grafana's exists in a real cluster. */
function foreignNamespaces(objects: readonly RenderedObject[]): string[] {
  const created = new Set(objects.filter(({ kind }) => kind === "Namespace").map(({ name }) => name));
  const used = objects.flatMap(({ namespace }) => namespace ?? []);
  return [...new Set(used)].filter((name) => !created.has(name));
}

function waitingFor(pid: number): void {
  log.line(`Another run (process ${pid}) is using the sandbox; waiting for it.`);
}
