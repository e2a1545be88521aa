import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { storage } from "./storage.ts";
import { bytes, duration, want } from "./units.ts";
import { image } from "./images.ts";
import { resources } from "./resources.ts";
import { roleSettings } from "./roles.ts";
import { annotations, conflict, objectName, text } from "./values.ts";

/** Far more than one Tempo can hold; from 2^32 on Tempo does not start. */
const mostSeries = 100_000_000;
const seriesWanted = `a whole number from 1000 to ${mostSeries}`;

/** What a monolithic Tempo gets. */
export const ownResources = {
  requests: { cpu: "250m", memory: "512Mi", ephemeralStorage: "64Mi" },
  limits: { cpu: "2", memory: "2Gi", ephemeralStorage: "256Mi" },
};
const container = resources("Tempo", ownResources);

/** Grafana Tempo. */
export const tempo = z
  .strictObject({
    mode: z
      .enum(["monolithic", "distributed"], want('"monolithic" or "distributed"'))
      .default("monolithic")
      .describe(
        "One process, which takes 25 MB of spans a second, or each of Tempo's roles in pods of its own, with your Kafka between " +
          "them and all blocks in object storage: docs/scale.md.",
      ),
    line: z
      .enum(["3.0", "2.10"], want('a supported line of Tempo: "3.0" or "2.10"'))
      .default("3.0")
      .describe(
        "Line of Tempo; its newest release known to this version is run. There is no way back from 3.0 to 2.10 with the same data.",
      ),
    image: image
      .optional()
      .describe(
        "Image in place of the line's own: another release, or the same with its digest, as in grafana/tempo:3.0.3@sha256:…. " +
          "Default: the line's own.",
      ),
    replicas: z
      .literal(1, want("1: several monolithic Tempos would each schedule the same compactions"))
      .default(1)
      .describe(
        "Replicas of a monolithic Tempo, of which there can only be 1. Those of a distributed one: roles.",
      ),
    roles: roleSettings,
    retention: duration({ least: "1h", most: "3650d" }).prefault("14d").describe("How long traces are kept."),
    longestAnswer: duration({ least: "1s", most: "1h" })
      .prefault("3m")
      .describe(
        "Longest time a model may take to answer. Tempo waits that long for the second half of a call in the service graph, " +
          "and Ollama appears there that much later.",
      ),
    // A kind of call costs 19 series: 14 bounds and +Inf, sum, count, calls and size (`telemetry/generator.ts`). Below a
    // thousand there would be room for fifty of them.
    maxActiveSeries: z
      .int(want(seriesWanted))
      .min(1000, want(seriesWanted))
      .max(mostSeries, want(seriesWanted))
      .default(50000)
      .describe(
        "Most metric series the generator may keep; what exceeds it is counted as overflow. Less than what traffic makes is refused.",
      ),
    storage,
    volume: z
      .strictObject({
        size: bytes("20Gi", "1Gi")
          .prefault("20Gi")
          .describe("Size of the data volume; in a distributed Tempo of each live-store's."),
        storageClass: objectName("a storage class")
          .optional()
          .describe("Storage class. Default: the cluster's."),
        protect: z
          .boolean(want("true or false"))
          .default(false)
          .describe(
            "Refuse every update that would delete the volume. It outlives `pulumi destroy` in any case. Only of a monolithic Tempo.",
          ),
      })
      .prefault({})
      .describe("The data volume at /var/tempo."),
    acceptLoss: text("the reason why traces may be lost")
      .optional()
      .describe(
        "Lets an update come that loses traces, for this reason: fewer partitions, because they are drained, or another place for " +
          "blocks. Without one `up` refuses it.",
      ),
    resources: container.describe(
      "CPU, memory and scratch space of a monolithic Tempo's container. Those of a distributed one: roles.",
    ),
    otlpTls: z
      .strictObject({
        secretName: objectName("the name of a Secret in Tempo's namespace").describe(
          "Secret with tls.crt and tls.key, as cert-manager writes it, for the names of both Services, otel and tempo; with the collector or clientCertificates also ca.crt.",
        ),
        clientCertificates: z
          .boolean(want("true or false"))
          .default(false)
          .describe("Take spans only from who has a certificate that the Secret's ca.crt has signed."),
      })
      .optional()
      .describe(
        "TLS of the OTLP receivers: the collector's, and Tempo's behind it. Default: none, telemetry comes in plain text.",
      ),
    serviceAccountAnnotations: annotations
      .default({})
      .describe("Annotations of the ServiceAccount, for workload identity (IRSA and its like)."),
  })
  .superRefine(({ mode, line, storage, volume, resources, retention, longestAnswer }, context) => {
    if (mode === "distributed") {
      const toMonolithic = (why: string) => ({ path: ["mode"], message: `monolithic, because ${why}` });
      const other = (path: string[], wanted: string, why: string) =>
        conflict(
          context,
          { path, message: `${wanted}, because tempo.mode is distributed` },
          toMonolithic(why),
        );
      if (line !== "3.0") other(["line"], "3.0", `tempo.line is ${line}`);
      if (storage.backend === "local")
        other(["storage"], "s3, gcs or azure", "blocks are on the data volume");
      if (volume.protect) other(["volume", "protect"], "false", "tempo.volume.protect is true");
      if (!isDeepStrictEqual(resources, container.parse({})))
        other(["resources"], "nothing but tempo.roles.<role>", "tempo.resources is set");
    }
    if (retention.seconds > longestAnswer.seconds) return;
    conflict(
      context,
      { path: ["retention"], message: "longer than tempo.longestAnswer" },
      { path: ["longestAnswer"], message: "shorter than tempo.retention" },
    );
  });
