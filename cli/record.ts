import { Command } from "commander";
import { UserError } from "../errors.ts";
import { runningBackends } from "../sandbox/trace-backends.ts";
import { defaultSandboxFolder, sandboxFolder } from "../sandbox/folder.ts";
import { startGuard } from "../processes/guard.ts";
import { streamLog } from "../terminal/log.ts";
import { allOf, casesOf, drive, withoutCollector, withPlatform } from "../traffic/live/all.ts";
import { changes, type Change } from "../traffic/compare.ts";
import { removeRecording, writeRecording, type Recorded } from "../traffic/recorded.ts";
import { recordAll } from "./record/cases.ts";
import { environmentSettings } from "../engine/environment-settings.ts";
import { main } from "./main.ts";

interface Options {
  readonly environment: string;
  readonly dir: string;
  readonly check?: true;
}

await main(
  new Command("record")
    .description(
      "Drives the real LiteLLM and Open WebUI, tells how their spans differ from those in traffic/recorded, and writes those that do.",
    )
    .option("--environment <name>", "environment that runs in the sandbox", "dev")
    .option("--dir <folder>", "folder of the sandbox", defaultSandboxFolder)
    .option("--check", "write nothing; end with 1 when something differs")
    .action(record),
);

async function record({ environment, dir, check }: Options): Promise<void> {
  const settings = environmentSettings(environment);
  const folder = sandboxFolder(dir);
  const backends = await runningBackends(folder);
  if (!backends) throw new UserError("No Tempo and Prometheus run in the sandbox: run make up first.");
  // What applications send, not what a collector leaves of it.
  const straight = { otlpHttp: backends.tempoOtlpHttp, otlpGrpc: backends.tempoOtlpGrpc };
  const open = { folder, settings: withoutCollector(settings), backends: straight };
  const log = streamLog(process.stdout);
  const guard = startGuard();
  try {
    const recordings = await withPlatform({ ...open, guard, log }, async (platform) => {
      const since = Math.floor(Date.now() / 1000);
      const cases = await casesOf(platform);
      await log.step("Driving every case", 75, async () => {
        for (const each of allOf(cases)) await drive(platform, each);
      });
      return log.step("Waiting for their spans in Tempo", 45, () => recordAll(backends, cases, since));
    });
    const told = (Object.keys(recordings) as Recorded[]).flatMap((application) => {
      const changed = changes(application, recordings[application]);
      if (!check) changed.forEach((each) => keep(application, each));
      return changed.flatMap((each) => each.told);
    });
    log.line(
      ...told,
      told.length === 0 ? "Nothing differs from traffic/recorded." : `${told.length} differences.`,
    );
    if (check && told.length > 0) throw new UserError("The applications send other spans than recorded.");
  } finally {
    await guard.stop();
  }
}

function keep(application: Recorded, { name, now }: Change): void {
  if (now) writeRecording(application, now);
  else removeRecording(application, name);
}
