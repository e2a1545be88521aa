import { setTimeout as sleep } from "node:timers/promises";
import { litellmCases, litellmV1Cases, type Case } from "./cases.ts";
import { clientFor, type Visit } from "./client.ts";
import type { Served } from "./ollama.ts";
import { openWebuiCases, prepareOpenWebui } from "./open-webui.ts";
import type { Platform } from "./platform.ts";

/** What was done with the platform, as seen from outside and by the models. */
export interface Drive {
  readonly visits: readonly Visit[];
  /** What the stand-in for Ollama was asked meanwhile, in the order in which it was done with it. */
  readonly served: readonly Served[];
}

/** Every case, in the order in which they are driven. */
export interface Cases {
  readonly litellm: readonly Case[];
  readonly litellmV1: readonly Case[];
  readonly openWebui: readonly Case[];
}

/** The cases of a platform that has just started; Open WebUI gets its first user. */
export async function prepare(platform: Platform): Promise<{ cases: Cases; visits: readonly Visit[] }> {
  const visits: Visit[] = [];
  const token = await prepareOpenWebui(clientFor(platform, "prepare", visits), platform);
  return {
    cases: { litellm: litellmCases, litellmV1: litellmV1Cases, openWebui: openWebuiCases(token) },
    visits,
  };
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
