import { z } from "zod";
import { alerts } from "./alerts.ts";
import { applications } from "./applications.ts";
import { cluster } from "./cluster.ts";
import { collector } from "./collector.ts";
import { grafana } from "./grafana.ts";
import { images } from "./images.ts";
import { kafka } from "./kafka.ts";
import { privacy } from "./privacy.ts";
import { slo } from "./slo.ts";
import { openobserve, prometheus } from "./stores.ts";
import { tempo } from "./tempo.ts";
import { traffic } from "./traffic.ts";
import { want } from "./units.ts";
import { dnsLabel, text } from "./values.ts";

const promotion = z
  .strictObject({
    from: z
      .string(want("the name of a stack"))
      .max(100, want("the name of a stack, at most 100 characters"))
      .regex(/^(?!\.+$)[A-Za-z0-9_.-]+$/, want("the name of a stack, without organization and project"))
      .optional()
      .describe(
        "Stack that must run the same bundle before this one may, such as staging. Default: none, any bundle may come.",
      ),
    override: text("the reason why the bundle may come all the same")
      .optional()
      .describe(
        "Lets a bundle come that the stack before does not run, for this reason, which every preview and the outputs then show.",
      ),
  })
  .superRefine(({ from, override }, context) => {
    if (override !== undefined && from === undefined) {
      context.addIssue({
        code: "custom",
        path: ["override"],
        message: "no reason where there is nothing to override: promotion.from is not set",
      });
    }
  });

/** The sections of a stack's settings. */
export const sections = {
  environment: dnsLabel("the environment's name").describe(
    "Name of the environment, such as dev or prod: that of its stack. No default: two environments must not share one by accident.",
  ),
  cluster: cluster.prefault({}).describe("The Kubernetes cluster."),
  namespace: z
    .strictObject({
      name: dnsLabel("a namespace").default("tracing").describe("Namespace of Tempo."),
      create: z
        .boolean(want("true or false"))
        .default(true)
        .describe("Create it, with pod security restricted and traffic denied by default. False: it exists."),
    })
    .prefault({})
    .describe("Where Tempo runs."),
  images: images.prefault({}).describe("Where container images come from."),
  collector: collector.prefault({}).describe("The OpenTelemetry collector before Tempo."),
  tempo: tempo.prefault({}).describe("Grafana Tempo."),
  kafka: kafka.optional().describe("The Kafka of a distributed Tempo; it must exist. Default: none."),
  prometheus: prometheus.prefault({}).describe("The Prometheus that stores the metrics made from traces."),
  openobserve: openobserve.prefault({}).describe("The OpenObserve that holds the logs."),
  grafana: grafana.prefault({}).describe("The Grafana that shows it all."),
  applications: applications.prefault({}).describe("The applications that are traced."),
  privacy: privacy.prefault({}).describe("What of people is kept in traces and logs."),
  traffic: traffic.prefault({}).describe("What they send, by which Tempo and its volume are sized."),
  slo: slo.prefault({}).describe("What chats are promised to be: alerts tell when a promise is not kept."),
  alerts: alerts.prefault({}).describe("The alerts."),
  promotion: promotion.prefault({}).describe("How a bundle gets here from the environment before."),
};

/** Settings whose sections are each right. */
export type Sections = Readonly<z.infer<z.ZodObject<typeof sections>>>;
