import type { types } from "@pulumi/kubernetes";
import { credentialVariables } from "../kubernetes/environment.ts";
import type { Kafka } from "./args.ts";
import type { Tempo30 } from "./schema.ts";

/** Environment variables that hold the credentials. */
const variables = { username: "KAFKA_USERNAME", password: "KAFKA_PASSWORD" } as const;

/** How Tempo reaches Kafka. */
export const kafkaSection = ({
  address,
  topic,
  credentialsSecret,
}: Kafka): NonNullable<Tempo30["ingest"]> => ({
  kafka: {
    address,
    topic,
    // It would also change how many partitions the broker gives to every new topic of anybody's
    // (`SetDefaultNumberOfPartitionsForAutocreatedTopics` in `pkg/ingest/config.go`).
    auto_create_topic_enabled: false,
    // Else Kafka's clients tell it how they are, which few brokers take.
    disable_kafka_telemetry: true,
    ...(credentialsSecret && {
      sasl_username: `\${${variables.username}}`,
      sasl_password: `\${${variables.password}}`,
    }),
  },
});

/** The variables of a pod that talks to Kafka, each by reference to the Secret. */
export const kafkaVariables = ({ credentialsSecret }: Kafka): types.input.core.v1.EnvVar[] =>
  credentialVariables(variables, credentialsSecret);
