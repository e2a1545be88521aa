import { existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../clients/wait.ts";
import { UserError } from "../errors.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import type { Guard, GuardedProcess, ProcessRequest } from "../processes/guard.ts";
import type { ProgramName } from "../tools/programs.ts";
import type { SandboxFolder } from "./folder.ts";
import { portIsTaken } from "./ports.ts";
import type { Ports } from "./ports.ts";

/** Where a service runs: its files and its ports. */
export interface Place {
  folder: SandboxFolder;
  ports: Ports;
}

/** A process of the sandbox. */
export interface Service {
  name: string;
  program: ProgramName;
  /** Names of the ports it listens on, on 127.0.0.1. */
  ports: readonly string[];
  arguments(place: Place): string[];
  /** Whether it does its work. */
  isHealthy(place: Place): Promise<boolean>;
}

/** A chosen port was taken by another program before it was used. */
export class PortTaken extends Error {}

/** A process, and how to tell that it does its work. */
export interface Startable extends Omit<ProcessRequest, "log"> {
  /** Folder of its log, `<name>.log`. */
  readonly logs: string;
  readonly isHealthy: () => Promise<boolean>;
  /** @default 60 */
  readonly deadlineSeconds?: number;
}

/**
 * Starts a service and waits until it is healthy.
 *
 * @throws PortTaken when another program has one of its ports
 * @throws UserError when it ends, or is not healthy within a minute
 */
export const startService = (
  service: Service,
  place: Place,
  guard: Guard,
  tools: ToolPaths,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> =>
  startProcess(
    {
      name: service.name,
      command: tools[service.program],
      arguments: service.arguments(place),
      directory: place.folder.root,
      environment,
      logs: place.folder.logs,
      recordIn: place.folder.run,
      isHealthy: () => service.isHealthy(place),
    },
    guard,
  );

/**
 * Starts a process and waits until it is healthy.
 *
 * @throws PortTaken when another program has one of its ports
 * @throws UserError when it ends, or is not healthy by its deadline
 */
export async function startProcess(startable: Startable, guard: Guard): Promise<void> {
  const { logs, isHealthy, deadlineSeconds = 60, ...request } = startable;
  const log = path.join(logs, `${request.name}.log`);
  if (existsSync(log)) {
    renameSync(log, log.replace(/\.log$/, ".previous.log"));
  }
  const process = await guard.start({ ...request, log });
  const settled = async () => process.exit !== undefined || (await isHealthy());
  await waitFor(request.name, deadlineSeconds, settled).catch(() => {
    throw failure(request.name, `is not healthy after ${deadlineSeconds} s`, log);
  });
  failIfEnded(request.name, process, log);
}

function failIfEnded(name: string, process: GuardedProcess, log: string): void {
  if (process.exit === undefined) {
    return;
  }
  if (portIsTaken(readLog(log))) {
    throw new PortTaken(`${name} found its port taken`);
  }
  const { code, signal } = process.exit;
  throw failure(name, signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`, log);
}

function failure(name: string, what: string, log: string): UserError {
  const lines = readLog(log).trim().split("\n").slice(-5).join("\n");
  return new UserError(
    `The sandbox's ${name} ${what}. Its last words:\n${lines}\nThe whole log: ${path.relative(process.cwd(), log)}`,
  );
}

function readLog(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
