import { z } from "zod";
import { namespaceOfService } from "../service-url.ts";
import { want } from "./units.ts";
import { checkPods, podPort, url } from "./addresses.ts";
import {
  conflict,
  dnsLabel,
  envName,
  labelSet,
  objectName,
  ownLabels,
  podLabels,
  queryText,
  secretKey,
  text,
  userAndPassword,
} from "./values.ts";

/** The Prometheus that stores the metrics made from traces. */
export const prometheus = z
  .strictObject({
    url: url("the address of Prometheus as Grafana reaches it")
      .prefault("http://prometheus-operated.monitoring.svc:9090")
      .describe(
        "Prometheus, as Grafana asks it. The default is there in every kube-prometheus-stack in namespace monitoring.",
      ),
    remoteWriteUrl: url("the remote-write address")
      .optional()
      .describe("Where Tempo writes its metrics. Default: /api/v1/write of url."),
    namespace: dnsLabel("Prometheus's namespace")
      .optional()
      .describe("Namespace Prometheus runs in. Default: that of url, if a Service's, else monitoring."),
    podLabels: podLabels({ "app.kubernetes.io/name": "prometheus" }, "Prometheus's"),
    podPort,
    scrape: z
      .enum(["serviceMonitor", "annotations", "none"], want('"serviceMonitor", "annotations" or "none"'))
      .default("serviceMonitor")
      .describe(
        "How Prometheus finds Tempo's own metrics: by a ServiceMonitor of the Prometheus operator, by the pod's annotations " +
          "prometheus.io/scrape, port and path, or not at all, which also keeps Prometheus out of Tempo.",
      ),
    nativeHistograms: z
      .boolean(want("true or false"))
      .default(false)
      .describe(
        "Durations as native histograms: exact to 9 % at any length, and one series in place of many. Prometheus takes them " +
          "from 3.8 on as it is, from 2.40 on with kube-prometheus-stack's prometheus.prometheusSpec.enableFeatures: " +
          "[native-histograms]; docs/cluster.md has what else changes.",
      ),
    operatorLabels: ownLabels({ release: "kube-prometheus-stack" }).describe(
      "Labels by which the operator's Prometheus selects ServiceMonitors and PrometheusRules.",
    ),
    credentialsSecret: userAndPassword
      .optional()
      .describe("Secret with the basic-auth credentials of the remote write. Default: none are sent."),
  })
  .superRefine(({ url, remoteWriteUrl, podPort }, context) =>
    checkPods(context, {
      url: remoteWriteUrl ?? url,
      key: remoteWriteUrl === undefined ? "url" : "remoteWriteUrl",
      podPort,
    }),
  )
  .transform((prometheus) => ({
    ...prometheus,
    namespace: prometheus.namespace ?? namespaceOfService(prometheus.url) ?? "monitoring",
  }));

/** The OpenObserve that holds the logs. */
export const openobserve = z
  .strictObject({
    url: url("the address of OpenObserve as Grafana reaches it")
      .prefault("http://openobserve.openobserve.svc:5080")
      .describe("OpenObserve, as Grafana asks it."),
    organization: queryText("OpenObserve's organization")
      .default("default")
      .describe("Organization that holds the logs."),
    stream: z
      .string(want("the name of a log stream"))
      .max(100, want("the name of a log stream, at most 100 characters"))
      .regex(/^[A-Za-z0-9_]+$/, want("the name of a log stream: letters, digits and _"))
      .default("default")
      .describe("Stream that holds the logs of Open WebUI and LiteLLM."),
    credentialsSecret: z
      .strictObject({
        name: objectName("the name of a Secret in Tempo's namespace").describe("The Secret."),
        key: secretKey(
          "the whole Authorization header, as OpenObserve's page for ingestion shows it",
          "authorization",
        ),
      })
      .optional()
      .describe("Secret with which the collector writes logs to url. Default: no logs are sent to it."),
    podLabels: labelSet
      .optional()
      .describe(
        "Labels of its pods, for the NetworkPolicy of the collector. Default: every pod of its namespace.",
      ),
    podPort,
    user: text("a user's name").optional().describe("User Grafana asks as. Default: taken from userEnv."),
    userEnv: envName("OPENOBSERVE_USER", "the user"),
    passwordEnv: envName(
      "OPENOBSERVE_PASSWORD",
      "the password; unused when the secret openobservePassword is set",
    ),
  })
  .superRefine(({ url, podPort, podLabels, credentialsSecret, userEnv, passwordEnv }, context) => {
    // Grafana, which is not the stack's to police, may reach a port that a Service maps.
    if (credentialsSecret || podPort !== undefined || podLabels)
      checkPods(context, { url, key: "url", podPort, podLabels });
    if (userEnv !== passwordEnv) return;
    const message = "another variable than the other one";
    conflict(context, { path: ["userEnv"], message }, { path: ["passwordEnv"], message });
  });
