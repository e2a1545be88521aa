import type { Settings } from "../settings.ts";
import { environmentSettings } from "../engine/environment-settings.ts";
import { main } from "./main.ts";
import { smokeOptions, type SmokeOptions } from "./smoke/options.ts";
import type { Report } from "./smoke/result.ts";
import { smoke } from "./smoke/run.ts";
import { conclusion, tableListener } from "./smoke/table.ts";

await main(async () => {
  const options = smokeOptions(process.argv);
  const settings = environmentSettings(options.environment);
  const { results } = await (options.output === "json" ? asJson : asTable)(options, settings);
  process.exitCode = results.every(({ status }) => status === "ok") ? 0 : 1;
});

async function asTable(options: SmokeOptions, settings: Settings): Promise<Report> {
  const table = tableListener(process.stdout, options.deadlineSeconds);
  const report = await smoke(options, settings, table).finally(() => table.close());
  process.stdout.write(conclusion(report));
  return report;
}

async function asJson(options: SmokeOptions, settings: Settings): Promise<Report> {
  const silent = { started: () => undefined, ended: () => undefined };
  const report = await smoke(options, settings, silent);
  process.stdout.write(JSON.stringify(report, undefined, 2) + "\n");
  return report;
}
