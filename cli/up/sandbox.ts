import path from "node:path";
import { loadedRules } from "../../clients/prometheus.ts";
import { enginePrograms, type Backend } from "../../engine/backend.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { merge, type SettingsTree } from "../../engine/overrides.ts";
import type { RenderedObject } from "../../engine/rendering.ts";
import { hasChanges, openStack, type EngineStack } from "../../engine/stack.ts";
import { readStackFile } from "../../engine/stack-files.ts";
import { lossesOf, storedIn } from "../../release/stored.ts";
import { withLock } from "../../processes/lock.ts";
import { sandboxBackend } from "../../sandbox/backend.ts";
import { createNamespaces } from "../../sandbox/cluster.ts";
import { emptySandbox, environmentsIn } from "../../sandbox/environments.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { sandboxPrograms, startSandbox } from "../../sandbox/sandbox.ts";
import { sandboxSettings, withoutRoles, type TempoMode } from "../../sandbox/settings.ts";
import { distributedPrograms } from "../../sandbox/distributed.ts";
import { backendPrograms, startBackends, type Backends } from "../../sandbox/trace-backends.ts";
import { interruptible } from "../../terminal/interrupt.ts";
import { alignRows } from "../../terminal/table.ts";
import { qualify } from "../../settings/keys.ts";
import { ensureTools } from "../../tools/ensure.ts";
import { upAndShow, type Deployment } from "./cluster.ts";

/**
 * What the sandbox changes; nothing is promoted to it: it takes any environment, one at a time.
 *
 * @throws UserError when there is no such environment
 */
export async function sandboxOverrides(environment: string, mode: TempoMode): Promise<SettingsTree> {
  const promotion = readStackFile(environment).config[qualify("promotion")] as { from?: string } | undefined;
  return {
    ...(await sandboxSettings(mode)),
    ...(promotion?.from !== undefined && { promotion: { override: reason } }),
  };
}

/** Why what is refused elsewhere is not there. */
const reason = "this is the sandbox";

/** Starts the sandbox, deploys an environment to it, and starts Tempo and Prometheus with what was deployed. */
export async function deployToSandbox(
  deployment: Deployment,
  objects: readonly RenderedObject[],
  mode: TempoMode,
): Promise<void> {
  const { environment, guard, log } = deployment;
  const folder = sandboxFolder();
  const without = mode === "distributed" ? await withoutRoles() : undefined;
  const stopping = "Stopping what this run started…";
  const waiting = (pid: number) =>
    log.line(`Another run (process ${pid}) is using the sandbox; waiting for it.`);
  await interruptible({ guard, log, stopping, patient: false }, async () => {
    const tools = await ensureTools(
      [
        ...sandboxPrograms,
        ...enginePrograms,
        ...(without === undefined ? backendPrograms : []),
        ...(mode === "distributed" && without === undefined ? distributedPrograms : []),
      ],
      { guard, log },
    );
    await withLock(folder.lock, waiting, async () => {
      const others = environmentsIn(folder).filter((name) => name !== environment);
      if (others.length > 0) {
        const title = `Emptying the sandbox, which held "${others.join('", "')}"`;
        await log.step(title, 2, () => emptySandbox(folder));
      }
      const sandbox = await startSandbox({ guard, tools, log });
      await createNamespaces(sandbox.api, foreignNamespaces(objects));
      const backend = sandboxBackend(folder, tools);
      const stack = await openLosing(deployment, backend);
      await deploy(deployment, stack).catch((error: unknown) => {
        log.line("", "The sandbox is left as it is, to look into; make down stops it.");
        throw error;
      });
      if (without !== undefined) {
        log.line(
          "",
          "The objects of a distributed Tempo are deployed, and their pods are ready as kwok plays them.",
          `Tempo's roles, Kafka, the object storage, Prometheus and the collector are not started: ${without}`,
        );
        return;
      }
      const backends = await startBackends({ folder, api: sandbox.api, guard, tools, log });
      log.line(
        "",
        mode === "distributed"
          ? "Tempo's roles run here with the configuration that was deployed; beside them Kafka, an S3 server and Prometheus:"
          : "Tempo runs here with the configuration that was deployed, and Prometheus beside it:",
        ...addressLines(backends),
        ...(await ruleLines(backends)),
      );
    });
  });
  const kubeconfig = path.relative(process.cwd(), folder.kubeconfig);
  log.line(
    "",
    "What next:",
    ...alignRows([
      [
        "make demo",
        "sends chats, and prints what every panel shows of them, and the alerts that this raises",
      ],
      ["make up", "after a change, deploys what changed; ENV=prod: another environment, in its place"],
      ["make up CONTEXT=<name>", "deploys to a cluster of yours, after showing what would change"],
      ["make down", "stops the sandbox; its objects stay until make clean"],
    ]),
    `  kubectl --kubeconfig ${kubeconfig} get all -A`,
  );
}

/** A stack that loses what it has stored if it must: in the sandbox both modes are tried, one after the other. */
async function openLosing(
  { environment, overrides, log }: Deployment,
  backend: Backend,
): Promise<EngineStack> {
  const open = (more: SettingsTree = {}) =>
    openStack({ environment, backend, overrides: merge(overrides, more), log });
  const stack = await open();
  const ran = storedIn(await stack.outputs());
  const loses = ran !== undefined && lossesOf(ran, environmentSettings(environment, overrides)).length > 0;
  return loses ? open({ tempo: { acceptLoss: reason } }) : stack;
}

async function deploy({ environment, log }: Deployment, stack: EngineStack): Promise<void> {
  const changes = await log.step("Comparing with the sandbox", 2, () => stack.preview());
  if (hasChanges(changes)) await upAndShow(stack, log);
  else log.line("", `Nothing to change: the sandbox has "${environment}" as it is here.`);
}

/** Namespaces that objects go to and that are not among the objects: Grafana's exists in a real cluster. */
function foreignNamespaces(objects: readonly RenderedObject[]): string[] {
  const created = new Set(objects.filter(({ kind }) => kind === "Namespace").map(({ name }) => name));
  const used = objects.flatMap(({ namespace }) => namespace ?? []);
  return [...new Set(used)].filter((name) => !created.has(name));
}

/** What Prometheus evaluates, if anything. */
async function ruleLines({ prometheus }: Backends): Promise<string[]> {
  const { alerting, recording } = await loadedRules(prometheus, 10);
  return alerting + recording === 0
    ? []
    : [`Rules that Prometheus has loaded: alerting ${alerting}, recording ${recording}.`];
}

function addressLines({ otlpHttp, otlpGrpc, tempo, prometheus }: Backends): string[] {
  return alignRows([
    ["OTLP over HTTP", otlpHttp],
    ["OTLP over gRPC", otlpGrpc],
    ["Tempo", tempo],
    ["Prometheus", prometheus],
  ]);
}
