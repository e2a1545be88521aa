import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../errors.ts";
import { duration } from "../../settings/units.ts";

/** What the command is told. */
export interface SmokeOptions {
  /** OTLP/HTTP, without `/v1/traces`. */
  readonly otlp: string;
  readonly tempo: string;
  readonly prometheus: string;
  readonly environment: string;
  readonly deadlineSeconds: number;
  /** When not given, that of the environment. */
  readonly longestAnswerSeconds?: number;
  readonly output: "table" | "json";
}

/**
 * Reads the command line.
 *
 * @throws UserError with exit code 2 when it is wrong.
 */
export function smokeOptions(argv: readonly string[]): SmokeOptions {
  const command = new Command("smoke")
    .description(
      "Sends one chat's trace, and checks that every part of the tracing makes of it what it should.",
    )
    .requiredOption("--otlp <url>", "Tempo's OTLP/HTTP receiver, such as http://127.0.0.1:4318", address)
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
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  try {
    command.parse(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    throw new UserError(`${error.message.replace(/^error: /, "smoke: ")} (see --help)`, 2);
  }
  const { otlp, deadline, longestAnswer, ...rest } = command.opts<{
    otlp: string;
    tempo: string;
    prometheus: string;
    environment: string;
    deadline: number;
    longestAnswer?: number;
    output: "table" | "json";
  }>();
  return {
    ...rest,
    otlp: otlp.replace(/\/v1\/traces$/, ""),
    deadlineSeconds: deadline,
    longestAnswerSeconds: longestAnswer,
  };
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Want an http:// or https:// URL.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError("Want it without user and password: use a port-forward.");
  }
  return text.replace(/\/+$/, "");
}

function seconds(text: string): number {
  const parsed = duration({ least: "1s", most: "1h" }).safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Want a duration such as "90s" or "5m".');
  return parsed.data.seconds;
}
