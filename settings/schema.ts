import { z } from "zod";
import { want } from "./units.ts";
import { dnsLabel, text } from "./values.ts";
import { applications } from "./applications.ts";
import { cluster } from "./cluster.ts";
import { grafana } from "./grafana.ts";
import { openobserve, prometheus } from "./stores.ts";
import { tempo } from "./tempo.ts";

const promotion = z
  .strictObject({
    from: z
      .string(want("the name of a stack"))
      .regex(/^[A-Za-z0-9_.-]+$/, want("the name of a stack, without organization and project"))
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

const sections = {
  environment: dnsLabel("the environment's name").describe(
    "Name of the environment, such as dev or prod. No default: two environments must not share one by accident.",
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
  tempo: tempo.prefault({}).describe("Grafana Tempo."),
  prometheus: prometheus.prefault({}).describe("The Prometheus that stores the metrics made from traces."),
  openobserve: openobserve.prefault({}).describe("The OpenObserve that holds the logs."),
  grafana: grafana.prefault({}).describe("The Grafana that shows it all."),
  applications: applications.prefault({}).describe("The applications that are traced."),
  promotion: promotion.prefault({}).describe("How a bundle gets here from the environment before."),
};

/** Every setting of a stack, with what it means and what it is when not given. */
export const schema = z.strictObject(sections).superRefine(({ environment, cluster, promotion }, context) => {
  if (promotion.from === environment) {
    context.addIssue({
      code: "custom",
      path: ["promotion", "from"],
      message: "another environment than this one",
    });
  }
  // Else `pulumi up --stack prod` would go to whatever cluster its user looked at last.
  if (promotion.from !== undefined && cluster.context === undefined && !cluster.useCurrentContext) {
    context.addIssue({
      code: "custom",
      path: ["cluster", "context"],
      message:
        "this environment's kubeconfig context, because promotion.from is set; or cluster.useCurrentContext: true, " +
        "if any current context will do",
    });
  }
});

/** The settings of one stack, checked, with defaults filled in. */
export type Settings = z.infer<typeof schema>;
