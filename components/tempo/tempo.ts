import * as pulumi from "@pulumi/pulumi";
import { otlpEndpoints, type OtlpEndpoints } from "../kubernetes/otlp.ts";
import { register } from "../kubernetes/planned.ts";
import type { TempoArgs } from "./args.ts";
import { tempoObjects } from "./objects.ts";
import { ports, tempoName } from "./ports.ts";

export type { TempoArgs } from "./args.ts";

/** Where Tempo is reached within the cluster. */
export interface TempoEndpoints {
  /** HTTP API, for Grafana. */
  readonly url: string;
  /** Where it takes spans. */
  readonly otlp: OtlpEndpoints;
}

/** Grafana Tempo with its metrics generator, volumes and network policies. */
export class Tempo extends pulumi.ComponentResource {
  /** Where it is reached. */
  readonly endpoints: TempoEndpoints;

  constructor(name: string, args: TempoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Tempo", name, {}, opts);
    register(this, tempoObjects(args));
    this.endpoints = tempoEndpoints(args);
    this.registerOutputs({ endpoints: this.endpoints });
  }
}

/** The addresses of the Service that {@link tempoObjects} has. */
export function tempoEndpoints({
  namespace,
  otlpTls,
}: Pick<TempoArgs, "namespace" | "otlpTls">): TempoEndpoints {
  return {
    url: `http://${tempoName}.${namespace}.svc:${ports.http}`,
    otlp: otlpEndpoints(tempoName, namespace, otlpTls),
  };
}
