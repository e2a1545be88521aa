import type { HistogramForm } from "../../telemetry/generator.ts";
import type { externalLabels } from "../../telemetry/metrics.ts";
import type { Application } from "../../telemetry/signals.ts";
import type { Pods } from "../kubernetes/network.ts";
import type { OtlpEndpoints, OtlpTls } from "../kubernetes/otlp.ts";
import type { Amounts } from "../kubernetes/quantity.ts";
import type { OpenobserveStore } from "./openobserve.ts";
import type { TempoPrometheus } from "../tempo/args.ts";
import type { PrivacyArgs } from "./privacy.ts";

/** Arguments of the component `Collector`. */
export interface CollectorArgs {
  /** Namespace it runs in: Tempo's, which exists. */
  readonly namespace: string;
  /** Image of OpenTelemetry's contrib distribution. */
  readonly image: string;
  /** Pods, each with a queue of its own. */
  readonly replicas: number;
  /** What each container is sure to get, and the most it may take. */
  readonly resources: Readonly<Record<"requests" | "limits", Amounts>>;
  /** The volume of each queue. */
  readonly queue: {
    readonly size: Amounts["memory"];
    /**
     * Storage class.
     *
     * @default the cluster's
     */
    readonly storageClass?: string;
  };
  /** The pods that send telemetry. */
  readonly applications: readonly Pods[];
  /** `service.name` of each application. */
  readonly services: Readonly<Record<Application, string>>;
  /** How Prometheus keeps histograms. */
  readonly histograms: HistogramForm;
  /** Labels of every series. */
  readonly externalLabels: Readonly<Record<(typeof externalLabels)[number], string>>;
  /** What of people is kept; of the hashes of `identities` the Secret with their salt. */
  readonly privacy: {
    readonly mode: PrivacyArgs["mode"];
    /** @default none, nothing is hashed */
    readonly saltSecret?: { readonly name: string; readonly key: string };
  };
  /** Where traces go, and whether several pods take them there. */
  readonly tempo: Pods & { readonly otlp: OtlpEndpoints; readonly several: boolean };
  /**
   * Where logs go.
   *
   * @default nowhere, none are taken
   */
  readonly logs?: OpenobserveStore;
  /** Where the applications' metrics go, and who scrapes the collector's own. */
  readonly prometheus: TempoPrometheus;
  /**
   * TLS of the receivers, and of the way to Tempo.
   *
   * @default none, telemetry comes and goes in plain text
   */
  readonly otlpTls?: OtlpTls;
  /** Address ranges of DNS servers that are no pods of the cluster's. */
  readonly dnsAddresses: readonly string[];
}
