import { z } from "zod";
import { checkPods, isHost, isNoNode, noNode, podPort } from "./addresses.ts";
import { count, want } from "./units.ts";
import { labelSet, userAndPassword } from "./values.ts";

const addressWanted = "host:port of one broker, or of a Service before all of them, without a scheme";

/** Most partitions, and most pods of a role, each for 10 MB a second: five times what 100,000 chats a second take. */
export const mostPartitions = 10_000;

/** The Kafka between the roles of a distributed Tempo. */
export const kafka = z
  .strictObject({
    address: z
      .string(want(addressWanted))
      .refine((value) => !value.includes(","), {
        ...want("one host:port: Tempo 3.0 takes no list; the broker names the others"),
        abort: true,
      })
      .regex(/^[^/\s@]+:\d+$/, { ...want(addressWanted), abort: true })
      .refine(isHost, { ...want("a valid host:port"), abort: true })
      .refine(isNoNode, noNode("host:port"))
      .describe(
        "Where a first broker is found, in plain text: Tempo 3.0 has no TLS for Kafka. No default: it is yours.",
      ),
    topic: z
      .string(want("a topic"))
      .max(249, want("a topic, at most 249 characters"))
      .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, want('a topic: letters, digits, "_", "-" and "."'))
      .default("tempo-ingest")
      .describe("Topic; must exist, with at least as many partitions: docs/scale.md has the command."),
    partitions: count(mostPartitions)
      .optional()
      .describe(
        "Partitions that are written to. Each has a block-builder, and a live-store in either zone. Default: by traffic, at least 2.",
      ),
    podLabels: labelSet
      .optional()
      .describe("Labels of its pods, for the NetworkPolicy. Default: every pod of its namespace."),
    podPort,
    credentialsSecret: userAndPassword
      .optional()
      .describe(
        'Secret with user and password for SASL PLAIN, which is all that Tempo 3.0 has; of letters, digits, "-" and "_", since they are filled into YAML. Default: none are sent.',
      ),
  })
  .superRefine(({ address, podPort, podLabels }, context) =>
    checkPods(context, { url: `http://${address}`, key: "address", podPort, podLabels }),
  );
