import * as pulumi from "@pulumi/pulumi";
import { otlpEndpoints, type OtlpEndpoints } from "../kubernetes/otlp.ts";
import { register } from "../kubernetes/planned.ts";
import type { CollectorArgs } from "./args.ts";
import { collectorObjects } from "./objects.ts";
import { collectorName } from "./ports.ts";

export type { CollectorArgs } from "./args.ts";

/** The OpenTelemetry collector, the one address that applications send to. */
export class Collector extends pulumi.ComponentResource {
  /** Where it is reached. */
  readonly endpoints: OtlpEndpoints;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Collector", name, {}, opts);
    register(this, collectorObjects(args));
    this.endpoints = collectorEndpoints(args);
    this.registerOutputs({ endpoints: this.endpoints });
  }
}

/** The addresses of the Service that {@link collectorObjects} has. */
export const collectorEndpoints = ({
  namespace,
  otlpTls,
}: Pick<CollectorArgs, "namespace" | "otlpTls">): OtlpEndpoints =>
  otlpEndpoints(collectorName, namespace, otlpTls);
