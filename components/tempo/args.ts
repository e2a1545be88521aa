import type { TempoRole } from "../../telemetry/tempo-roles.ts";
import type { Generator } from "../../telemetry/generator.ts";
import type { externalLabels } from "../../telemetry/metrics.ts";
import type { Traffic } from "../../telemetry/traffic.ts";
import type { UserAndPassword } from "../kubernetes/environment.ts";
import type { Pods } from "../kubernetes/network.ts";
import type { OtlpTls } from "../kubernetes/otlp.ts";
import type { RemoteWrite } from "../kubernetes/remote-write.ts";
import type { Amounts } from "../kubernetes/quantity.ts";

/** Supported lines of Tempo: the current one, and the last one of 2. */
export type TempoLine = "3.0" | "2.10";

/** Arguments of the component `Tempo`. */
export interface TempoArgs {
  /** Namespace it runs in. */
  readonly namespace: string;
  /** Whether the namespace is made with it: for restricted pods alone, and closed to traffic that no policy allows. */
  readonly createNamespace: boolean;
  /** Line of Tempo, by which its configuration differs. 2.10 does not read what 3.0 has written. */
  readonly line: TempoLine;
  /** Image to run, of the same line. */
  readonly image: string;
  /** How long traces are kept, in seconds. */
  readonly retentionSeconds: number;
  /**
   * Longest time a model takes to answer, in seconds: so long an edge of the service graph waits for its second half, and a
   * trace in memory for its last span.
   */
  readonly longestAnswerSeconds: number;
  /** Where blocks are kept. The volume is needed with each: the newest minute is only there. */
  readonly storage: TempoStorage;
  /** The data volume. */
  readonly volume: TempoVolume;
  /** What the container is sure to get, and the most it may take. */
  readonly resources: Readonly<Record<"requests" | "limits", Amounts>>;
  /**
   * Annotations of its ServiceAccount, for workload identity.
   *
   * @default none
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** What the metrics generator makes of spans. */
  readonly generator: Generator;
  /**
   * Most series that the generator keeps; what exceeds them is counted as one more. Tempo's own default is no limit
   * (`max_active_series` in `modules/overrides/config.go`), so that any sender could fill Prometheus.
   */
  readonly maxActiveSeries: number;
  /** What the applications send on average, from which Tempo's limits follow. */
  readonly traffic: Traffic;
  /** Labels of every series. */
  readonly externalLabels: Readonly<Record<(typeof externalLabels)[number], string>>;
  /** Where series go, and who scrapes Tempo. */
  readonly prometheus: TempoPrometheus;
  /** Grafana, which asks Tempo. */
  readonly grafana: Pods;
  /** The pods that send spans: the collector's, or the applications'. */
  readonly senders: readonly Pods[];
  /**
   * TLS of the OTLP receivers.
   *
   * @default none, spans come in plain text
   */
  readonly otlpTls?: OtlpTls;
  /** Address ranges of DNS servers that are no pods of the cluster's. */
  readonly dnsAddresses: readonly string[];
  /**
   * Its roles in pods of their own, with Kafka between them. Needs line 3.0 and object storage.
   *
   * @default one pod with all of them
   */
  readonly distributed?: Distributed;
}

/** What a distributed Tempo needs beside. */
export interface Distributed {
  readonly kafka: Kafka;
  /** How much of each role there is. */
  readonly roles: Readonly<Record<TempoRole, RoleSize>>;
}

/** How much of a role there is. */
export interface RoleSize {
  /** Pods; of live-stores those of one zone. Of a role that is scaled the least. */
  readonly replicas: number;
  /**
   * Scales it by its CPU: up to so many pods, from so many percent of what they request.
   *
   * @default it has its replicas
   */
  readonly autoscale?: { readonly max: number; readonly cpu: number };
  /** What each container is sure to get, and the most it may take. */
  readonly resources: TempoArgs["resources"];
}

/** Kafka, or what speaks its protocol. Tempo 3.0.3 knows it by one address, and no TLS (`pkg/ingest/writer_client.go`). */
export interface Kafka {
  /** Where a first broker is found: `host:port`. */
  readonly address: string;
  readonly topic: string;
  /** Labels of its pods. @default every pod of its namespace, if its address is a Service's */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Port of its pods. @default that of the address */
  readonly podPort?: number;
  /**
   * Secret in Tempo's namespace with user and password for SASL PLAIN.
   *
   * @default none are sent
   */
  readonly credentialsSecret?: UserAndPassword;
}

/** How Prometheus learns that it may ask Tempo for its own metrics. */
export type Scrape = "serviceMonitor" | "annotations" | "none";

/** The Prometheus that stores what the generator makes. */
export interface TempoPrometheus extends Pods, RemoteWrite {
  /** By an object of the Prometheus operator, by the pod's annotations, or not at all. */
  readonly scrape: Scrape;
  /** Labels by which the operator's Prometheus selects its objects. */
  readonly operatorLabels: Readonly<Record<string, string>>;
  /**
   * Port of the pods that take the remote write.
   *
   * @default that of its address
   */
  readonly podPort?: number;
}

/** The data volume; it is kept when all else is deleted. */
export interface TempoVolume {
  readonly size: Amounts["memory"];
  /**
   * Storage class.
   *
   * @default the cluster's
   */
  readonly storageClass?: string;
  /** Whether Pulumi refuses what would delete it. */
  readonly protect: boolean;
}

/** Where blocks are kept. */
export type TempoStorage =
  | { readonly backend: "local" }
  | S3Storage
  | { readonly backend: "gcs"; readonly bucket: string }
  | { readonly backend: "azure"; readonly container: string; readonly account: string };

/** S3, or what speaks its protocol. */
export interface S3Storage {
  readonly backend: "s3";
  readonly bucket: string;
  /** `host[:port]`, without a scheme. */
  readonly endpoint: string;
  /**
   * Port of its pods, if it is in the cluster.
   *
   * @default that of the endpoint
   */
  readonly podPort?: number;
  /**
   * Region.
   *
   * @default what the endpoint tells
   */
  readonly region?: string;
  /** Plain HTTP. */
  readonly insecure: boolean;
  /** The bucket's name in the path, not in the host. */
  readonly pathStyle: boolean;
  /** Whether the keys come from the agent of EKS Pod Identity. */
  readonly podIdentity: boolean;
  /**
   * Secret in Tempo's namespace with the keys.
   *
   * @default the workload's identity
   */
  readonly credentialsSecret?: {
    readonly name: string;
    readonly accessKeyKey: string;
    readonly secretKeyKey: string;
  };
}
