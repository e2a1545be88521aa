import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { applicationEnv, type ApplicationEnv } from "../../assembly/application-env.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import type { Settings } from "../../settings.ts";
import type { Log } from "../../terminal/log.ts";
import { ensurePostgres } from "../../tools/postgres.ts";
import type { Guard } from "../../processes/guard.ts";
import { ensureApplications } from "../../tools/python-applications.ts";
import { litellmCases, litellmV1Cases, type Case } from "./cases.ts";
import { clientFor, type Visit } from "./client.ts";
import type { Served } from "./ollama.ts";
import { openWebuiCases, prepareOpenWebui } from "./open-webui.ts";
import { startPlatform, type Platform } from "./platform.ts";

/** What the platform is opened with. */
export interface OpenOptions {
  readonly guard: Guard;
  readonly log: Log;
  /** Of the sandbox that takes the spans. */
  readonly folder: SandboxFolder;
  /** Where they are taken. */
  readonly backends: { readonly otlpGrpc: string; readonly otlpHttp: string };
  readonly settings: Settings;
  /**
   * Variables beside those that the stack gives the applications, or in their place.
   *
   * @default none
   */
  readonly more?: Partial<ApplicationEnv>;
  /** Whether LiteLLM's metrics tell users, keys and teams apart. @default false */
  readonly hasEveryAttribute?: boolean;
}

/**
 * Installs the real applications where they are missing, starts them with the stack's output `applicationEnv`, in which
 * nothing but the addresses is replaced, and ends them after the work.
 *
 * @throws ToolUnavailable when they cannot be installed here
 * @throws UserError when one does not become healthy
 */
export async function withPlatform<T>(
  options: OpenOptions,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(options);
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}

/** The same, for whoever closes it later. */
export async function openPlatform({
  guard,
  log,
  folder,
  backends,
  settings,
  more = {},
  hasEveryAttribute,
}: OpenOptions): Promise<Platform> {
  const env = applicationEnv(settings, { grpc: backends.otlpGrpc, http: backends.otlpHttp });
  return startPlatform({
    guard,
    log,
    folder: path.join(folder.root, "platform"),
    programs: await ensureApplications({ guard, log }),
    postgres: await ensurePostgres(log),
    env: {
      openWebui: { ...env.openWebui, ...more.openWebui },
      litellm: { ...env.litellm, ...more.litellm },
    },
    hasEveryAttribute,
  });
}

/** Settings with which applications are told to send traces alone, to Tempo itself. */
export const withoutCollector = (settings: Settings): Settings => ({
  ...settings,
  collector: { ...settings.collector, enabled: false },
});

/** Every case, by the application that is asked, in the order in which they are driven. */
export interface Cases {
  readonly litellm: readonly Case[];
  readonly litellmV1: readonly Case[];
  readonly openWebui: readonly Case[];
}

/** Cases, application by application. */
export const allOf = ({ litellm, litellmV1, openWebui }: Cases): (readonly Case[])[] => [
  litellm,
  litellmV1,
  openWebui,
];

/** The cases of a platform that has just started. Open WebUI gets its first user. */
export async function casesOf(platform: Platform): Promise<Cases> {
  const token = await prepareOpenWebui(clientFor(platform, "prepare", []), platform);
  return { litellm: litellmCases, litellmV1: litellmV1Cases, openWebui: openWebuiCases(token) };
}

/** What was done with the platform, as seen from outside and by the models. */
export interface Drive {
  readonly visits: readonly Visit[];
  /** What the stand-in for Ollama was asked meanwhile, in the order in which it was done with it. */
  readonly served: readonly Served[];
}

/** Runs cases one after the other, each to the end of what it sets off. */
export async function drive(platform: Platform, cases: readonly Case[]): Promise<Drive> {
  const visits: Visit[] = [];
  const from = platform.ollama.served.length;
  for (const { name, run } of cases) {
    await run(clientFor(platform, name, visits));
    if (visits.at(-1)?.door === "openWebui") await settle(platform);
  }
  return { visits, served: platform.ollama.served.slice(from) };
}

/** Longer than the longest silence in a case: a model that is too slow for LiteLLM is given up after 1 s. */
const silenceSeconds = 2;

/** Waits until the models have nothing more to do: Open WebUI asks for titles and tags after it has answered. */
async function settle({ ollama }: Platform): Promise<void> {
  for (let before = -1; before !== ollama.served.length;) {
    before = ollama.served.length;
    await sleep(silenceSeconds * 1000);
  }
}
