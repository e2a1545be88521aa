import { z } from "zod";
import { want } from "./units.ts";
import { dnsLabel, text, url, podLabels, secretKey, envName } from "./values.ts";

/** The Prometheus that stores the metrics made from traces. */
export const prometheus = z.strictObject({
  url: url("the address of Prometheus as Grafana reaches it")
    .prefault("http://prometheus-operated.monitoring.svc:9090")
    .describe(
      "Prometheus, as Grafana asks it. The default is there in every kube-prometheus-stack in namespace monitoring.",
    ),
  remoteWriteUrl: url("the remote-write address")
    .optional()
    .describe("Where Tempo writes its metrics. Default: /api/v1/write of url."),
  namespace: dnsLabel("Prometheus's namespace")
    .default("monitoring")
    .describe("Namespace Prometheus runs in."),
  podLabels: podLabels({ "app.kubernetes.io/name": "prometheus" }, "Prometheus's"),
  credentialsSecret: z
    .strictObject({
      name: dnsLabel("the name of a Secret in Tempo's namespace").describe("The Secret."),
      usernameKey: secretKey("the user name", "username"),
      passwordKey: secretKey("the password", "password"),
    })
    .optional()
    .describe("Secret with the basic-auth credentials of the remote write. Default: none are sent."),
});

/** The OpenObserve that holds the logs. */
export const openobserve = z.strictObject({
  url: url("the address of OpenObserve as Grafana reaches it")
    .prefault("http://openobserve.openobserve.svc:5080")
    .describe("OpenObserve, as Grafana asks it."),
  organization: text("OpenObserve's organization")
    .default("default")
    .describe("Organization that holds the logs."),
  stream: z
    .string(want("the name of a log stream"))
    .regex(/^[A-Za-z0-9_]+$/, want("the name of a log stream: letters, digits and _"))
    .default("default")
    .describe("Stream that holds the logs of Open WebUI and LiteLLM."),
  user: text("a user's name").optional().describe("User Grafana asks as. Default: taken from userEnv."),
  userEnv: envName("OPENOBSERVE_USER", "the user"),
  passwordEnv: envName(
    "OPENOBSERVE_PASSWORD",
    "the password; unused when the secret openobservePassword is set",
  ),
});
