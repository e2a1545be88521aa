import { z } from "zod";
import { want } from "./units.ts";
import { url } from "./addresses.ts";
import { conflict, dnsLabel, podLabels, text } from "./values.ts";

const uid = (id: string) =>
  z
    .string(want("a data source uid"))
    .regex(/^[A-Za-z0-9_-]{1,40}$/, want("a data source uid: at most 40 letters, digits, - and _"))
    .default(id)
    .describe("Grafana's uid of it. Two with one uid keep Grafana from starting.");

const datasource = (id: string, name: string) =>
  z
    .strictObject({
      uid: uid(id),
      name: text("a name")
        .default(name)
        .describe("Its name in Grafana; one of the same name is overwritten."),
    })
    .prefault({})
    .describe(`The ${name.replace(/ \(.*/, "")} data source.`);

/**
 * The folder's name is one on the disk of Grafana's sidecar, too: an absolute path would lead out of its folder, and
 * Grafana makes a folder of each below. (k8s-sidecar, src/resources.py; Grafana's titles have 189 characters)
 */
const folderTitle = text("a folder's title")
  .max(189, want("a folder's title, at most 189 characters"))
  .refine(
    (title) => !/[/\\]/.test(title) && !/^\.+$/.test(title.trim()),
    want('a folder\'s title, without "/"'),
  );

/** The Grafana that shows it all. */
export const grafana = z
  .strictObject({
    namespace: dnsLabel("Grafana's namespace").default("monitoring").describe("Namespace Grafana runs in."),
    podLabels: podLabels({ "app.kubernetes.io/name": "grafana" }, "Grafana's"),
    delivery: z
      .enum(["sidecar", "api"], want('"sidecar" or "api"'))
      .default("sidecar")
      .describe(
        "How data sources and dashboards reach Grafana: labelled Secret and ConfigMaps that its sidecars load, or its HTTP " +
          "API (credentials in GRAFANA_AUTH), which cannot carry the trace-to-logs buttons.",
      ),
    url: url("Grafana's own address")
      .optional()
      .describe(
        "Grafana's address, for absolute links; needed for delivery api. Default: links relative to Grafana.",
      ),
    folder: folderTitle.default("Tracing").describe("Folder of the dashboards."),
    datasources: z
      .strictObject({
        tempo: datasource("llm-tracing-tempo", "Tempo"),
        prometheus: datasource("llm-tracing-prometheus", "Prometheus (LLM tracing)"),
        openobserve: datasource("llm-tracing-openobserve", "OpenObserve"),
      })
      .superRefine((sources, context) => {
        for (const field of ["uid", "name"] as const) {
          // Grafana's databases take `A` and `a` for the same.
          const values = Object.entries(sources).map(
            ([key, source]) => [key, source[field].toLowerCase()] as const,
          );
          const message = `a ${field} that no other data source has`;
          values.forEach(([key, value], index) => {
            const [first] = values.find(([, other]) => other === value)!;
            if (first !== values[index]![0])
              conflict(context, { path: [key, field], message }, { path: [first, field], message });
          });
        }
      })
      .prefault({})
      .describe("Names and uids of the three data sources."),
  })
  .superRefine((value, context) => {
    if (value.delivery === "api" && !value.url) {
      context.addIssue({
        code: "custom",
        path: ["url"],
        message: "Grafana's address, because delivery is api",
      });
    }
  });
