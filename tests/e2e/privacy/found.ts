import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { getJson, urlBelow } from "../../../clients/http.ts";
import { search, traceById } from "../../../clients/tempo.ts";
import type { Stores } from "./gateway.ts";

/** Where was looked. */
export const places = [
  "queue files",
  "log lines",
  "traces by Tempo's API",
  "Tempo's blocks and log",
  "metrics by Prometheus' API",
  "Prometheus' data",
] as const;

/** One of them. */
export type PlaceName = (typeof places)[number];

/** What was looked through: the bytes of each place, as text that has every byte of theirs. */
export type Searched = Readonly<Record<PlaceName, string>>;

/** Every file below a folder. Parquet and Prometheus' log are compressed by snappy, which leaves a word as it is where it comes first. */
export const bytesBelow = (folder: string): string =>
  globSync("**/*", { cwd: folder })
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "latin1"))
    .join("\n");

/** Every trace that Tempo has, as JSON. */
export async function allTraces({ tempo }: Pick<Stores, "tempo">, since: number): Promise<string> {
  const question = { from: since, to: Date.now() / 1000 + 60, variables: {}, timeoutSeconds: 30 };
  const found = await search(tempo, "{ }", question, { limit: 5000, spansPerTrace: 1 });
  const traces: string[] = [];
  for (const { traceID } of found)
    traces.push(JSON.stringify(await traceById(tempo, traceID, { timeoutSeconds: 30 })));
  return traces.join("\n");
}

/** Every series and exemplar that Prometheus has, as JSON. */
export async function allSeries({ prometheus }: Pick<Stores, "prometheus">, since: number): Promise<string> {
  const range = { start: String(since), end: String(Math.ceil(Date.now() / 1000) + 60) };
  const ask = (api: string, query: Record<string, string>) =>
    getJson<object>("Prometheus", urlBelow(prometheus, `/api/v1/${api}`, { ...range, ...query }));
  const every = '{__name__=~".+"}';
  return JSON.stringify([
    await ask("series", { "match[]": every }),
    await ask("query_exemplars", { query: every }),
  ]);
}
