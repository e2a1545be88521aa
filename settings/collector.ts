import { z } from "zod";
import { image } from "./images.ts";
import { resources } from "./resources.ts";
import { bytes, want } from "./units.ts";
import { objectName } from "./values.ts";

const replicasWanted = want("a whole number from 1 to 1000");

/** The least memory a collector may have: one request may have 16 MiB, and with so much it was seen to stand a flood. */
export const leastMemory = "64Mi";

/** The OpenTelemetry collector that applications send to. */
export const collector = z.strictObject({
  enabled: z
    .boolean(want("true or false"))
    .default(true)
    .describe(
      "Put a collector before Tempo, as the one address that applications send to. False: they send traces to Tempo itself, " +
        "and nothing is taken out of them.",
    ),
  image: image
    .optional()
    .describe(
      "Image in place of this version's own, of the contrib distribution or one with the same components. Default: this version's own.",
    ),
  replicas: z
    .int(replicasWanted)
    .min(1, replicasWanted)
    .max(1000, replicasWanted)
    .default(2)
    .describe("Replicas, each with a queue of its own."),
  queue: z
    .strictObject({
      size: bytes("2Gi", "256Mi")
        .prefault("2Gi")
        .describe(
          "Size of each replica's volume, which holds what a store that is away has not taken yet. A claim that is there keeps its size: " +
            "enlarge it first.",
        ),
      storageClass: objectName("a storage class")
        .optional()
        .describe("Storage class. Default: the cluster's."),
    })
    .prefault({})
    .describe("The queue on disk."),
  resources: resources(
    "collector",
    {
      requests: { cpu: "100m", memory: "256Mi", ephemeralStorage: "16Mi" },
      limits: { cpu: "1", memory: "512Mi", ephemeralStorage: "64Mi" },
    },
    leastMemory,
  ),
});
