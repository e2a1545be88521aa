import { Command, Option } from "commander";
import { environmentSettings } from "../engine/environment-settings.ts";
import type { Settings } from "../settings.ts";
import { main } from "./main.ts";
import { address, certificates, receiver, seconds, type SmokeOptions } from "./smoke/options.ts";
import type { SmokeReport } from "./smoke/result.ts";
import { smoke } from "./smoke/run.ts";
import { conclusion, tableListener } from "./smoke/table.ts";

interface Options extends Pick<SmokeOptions, "otlp" | "otlpTls" | "tempo" | "prometheus" | "environment"> {
  readonly deadline: number;
  readonly longestAnswer?: number;
  readonly output: "table" | "json";
}

await main(
  new Command("smoke")
    .description(
      "Sends one chat's trace, and checks that every part of the tracing makes of it what it should.",
    )
    .requiredOption(
      "--otlp <url>",
      "OTLP/HTTP receiver of the collector, or of Tempo where there is none, such as http://127.0.0.1:4318",
      receiver,
    )
    .option(
      "--otlp-tls <folder>",
      "folder with certificates for it, as a pod of the applications has it",
      certificates,
    )
    .requiredOption("--tempo <url>", "Tempo's API, such as http://127.0.0.1:3200", address)
    .requiredOption("--prometheus <url>", "Prometheus, such as http://127.0.0.1:9090", address)
    .option("--environment <name>", "environment whose settings name the services", "dev")
    .option("--deadline <duration>", "when to give up", seconds, 300)
    .option(
      "--longest-answer <duration>",
      "tempo.longestAnswer, where it is not that of the environment",
      seconds,
    )
    .addOption(
      new Option("--output <form>", "form of the report").choices(["table", "json"]).default("table"),
    )
    .action(async ({ deadline, longestAnswer, output, ...addresses }: Options) => {
      const settings = environmentSettings(addresses.environment);
      const options = { ...addresses, deadlineSeconds: deadline, longestAnswerSeconds: longestAnswer };
      const { results } = await (output === "json" ? asJson : asTable)(options, settings);
      process.exitCode = results.every(({ status }) => status === "ok") ? 0 : 1;
    }),
);

async function asTable(options: SmokeOptions, settings: Settings): Promise<SmokeReport> {
  const table = tableListener(process.stdout, options.deadlineSeconds);
  const report = await smoke(options, settings, table).finally(() => table.close());
  process.stdout.write(conclusion(report));
  return report;
}

async function asJson(options: SmokeOptions, settings: Settings): Promise<SmokeReport> {
  const silent = { started: () => undefined, ended: () => undefined };
  const report = await smoke(options, settings, silent);
  process.stdout.write(JSON.stringify(report, undefined, 2) + "\n");
  return report;
}
