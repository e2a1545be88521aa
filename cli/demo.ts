import { Command } from "commander";
import { telemetryContext } from "../assembly/wiring.ts";
import { dashboards } from "../dashboards/index.ts";
import { UserError } from "../errors.ts";
import { runningBackends } from "../sandbox/trace-backends.ts";
import { rolesIn } from "../sandbox/distributed.ts";
import { sandboxSettings } from "../sandbox/settings.ts";
import { defaultSandboxFolder, sandboxFolder } from "../sandbox/folder.ts";
import { replay } from "../traffic/replay.ts";
import { streamLog } from "../terminal/log.ts";
import { alertLines } from "./demo/alerts.ts";
import { describeDashboard, firstTrace } from "./demo/describe.ts";
import { excuses } from "./demo/excuses.ts";
import { liveTraffic, type Show } from "./demo/live.ts";
import { traffic, trafficSeconds } from "./demo/traffic.ts";
import { visibilities, waitUntilVisible, type Visibility } from "./demo/visible.ts";
import { environmentSettings } from "../engine/environment-settings.ts";
import { main } from "./main.ts";

interface Options {
  readonly environment: string;
  readonly dir: string;
  readonly live?: true;
}

/** How much faster than in life the traffic comes. */
const compress = 4;
const deadlineSeconds = 150;

await main(
  new Command("demo")
    .description(
      "Sends chats to the sandbox, and prints what every panel shows of them, and which alerts they raise.",
    )
    .option("--environment <name>", "environment that runs in the sandbox", "dev")
    .option("--dir <folder>", "folder of the sandbox", defaultSandboxFolder)
    .option("--live", "run the real Open WebUI and LiteLLM, before a stand-in for Ollama (1.5 GB, once)")
    .action(demo),
);

async function demo({ environment, dir, live }: Options): Promise<void> {
  const folder = sandboxFolder(dir);
  const isDistributed = rolesIn(folder).length > 0;
  const overrides = await sandboxSettings(isDistributed ? "distributed" : "monolithic");
  const settings = environmentSettings(environment, overrides);
  const backends = await runningBackends(folder);
  if (!backends) {
    throw new UserError(
      "No Tempo and Prometheus run in the sandbox: run make up first. Where that started none, it said why.",
    );
  }
  const context = telemetryContext(settings);
  const since = Math.floor(Date.now() / 1000);
  const log = streamLog(process.stdout);

  const show = { log, folder, backends, settings, signals: context.signals };
  await (live ? liveTraffic(show) : recordedTraffic(show, since));

  const empty = [];
  const view = { environment: settings.environment, from: since, to: Math.floor(Date.now() / 1000) };
  const traceId = await firstTrace(context.signals.recentTraces, backends, view);
  const excused = excuses(settings, context.signals, live === true);
  for (const { json } of dashboards(context)) {
    const { lines, emptyPanels } = await describeDashboard(json, backends, { ...view, traceId, excused });
    log.line(...lines);
    empty.push(...emptyPanels);
  }
  log.line("", ...(await alertLines(backends.prometheus)));
  if (empty.length > 0) throw new UserError(`${empty.length} panels show nothing: ${empty.join(", ")}.`);
}

/** Sends chats as they were recorded, and waits until all of it is seen. */
async function recordedTraffic(show: Show, since: number): Promise<void> {
  const { log, backends, settings, signals } = show;
  const visits = traffic(`demo ${since}`, settings);
  const title = `Sending ${visits.length} chats, ${trafficSeconds / 60} minutes of traffic`;
  const sent = await log.step(title, trafficSeconds / compress, () =>
    replay(visits, { endpoint: backends.otlpHttp, compress }).catch(blameTempo),
  );
  await seen(show, visibilities({ backends, sent, since, settings, signals }));
}

async function seen({ log }: Show, all: readonly Visibility[]): Promise<void> {
  for (const visibility of all) {
    await log.step(`Waiting for ${visibility.what}`, visibility.usualSeconds, () =>
      waitUntilVisible(visibility, deadlineSeconds),
    );
  }
}

function blameTempo(error: unknown): never {
  throw error instanceof UserError ? new UserError(`Tempo: ${error.message}`) : error;
}
