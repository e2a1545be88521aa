import type { SemVer } from "semver";
import type { Settings } from "../settings.ts";
import { ownResources } from "../settings/tempo.ts";
import { versionAtHand } from "../tools/on-path.ts";
import { programNamed } from "../tools/programs.ts";
import { withoutPlaces } from "./tempo-role.ts";
import { sandboxContext } from "./connection.ts";

/** A line of Tempo, as the setting `tempo.line` names it. */
export type TempoLine = Settings["tempo"]["line"];

/** The line whose configuration a Tempo of that version takes. */
export const lineOf = ({ major }: Pick<SemVer, "major">): TempoLine => (major >= 3 ? "3.0" : "2.10");

/** How Tempo runs, as the setting `tempo.mode` names it. */
export type TempoMode = Settings["tempo"]["mode"];

/** Both, as a command line takes them. */
export const tempoModes = ["monolithic", "distributed"] as const satisfies readonly TempoMode[];

/**
 * Settings that differ in a sandbox: its own context, the line of the Tempo program that is there, and a shorter wait
 * for the topology, so that nobody sits through three minutes to see Ollama in it. A distributed Tempo has Kafka and a bucket of the
 * sandbox's, by names that lead there. What an environment says of the other mode is taken away.
 */
export async function sandboxSettings(mode: TempoMode = "monolithic") {
  const shared = { cluster: { context: sandboxContext } };
  const longestAnswer = "1m";
  if (mode === "monolithic") {
    return {
      ...shared,
      kafka: undefined,
      tempo: { line: await lineAtHand(), longestAnswer, mode, roles: undefined },
    };
  }
  return {
    ...shared,
    kafka: { address: "kafka.kafka.svc:9092" },
    tempo: {
      line: "3.0" as TempoLine,
      longestAnswer,
      mode,
      // Each pod has its own, of the cluster's.
      volume: { protect: false },
      resources: ownResources,
      storage: {
        backend: "s3",
        bucket: "tempo",
        endpoint: "minio.storage.svc:9000",
        insecure: true,
        pathStyle: true,
        // Azure's, which S3 does not have.
        container: undefined,
        account: undefined,
      },
    },
  };
}

/** Why a distributed Tempo's roles cannot be processes of this machine's; undefined where they can. */
export async function withoutRoles(): Promise<string | undefined> {
  const version = await versionAtHand(programNamed("tempo"));
  if (lineOf(version) !== "3.0") {
    return (
      `the Tempo at hand is ${version.version}, and roles with Kafka between them came with 3.0. ` +
      "Put Tempo 3.0 on PATH, or name it by TEMPO_BIN; then run this again."
    );
  }
  const refused = await withoutPlaces();
  return refused && `each needs a host name and names of its own, which this machine refuses: ${refused}`;
}

const lineAtHand = async (): Promise<TempoLine> => lineOf(await versionAtHand(programNamed("tempo")));
