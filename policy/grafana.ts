import { parse } from "yaml";
import { datasourceProblems } from "../components/grafana/check.ts";
import type { Datasource } from "../components/grafana/datasource.ts";
import { decoded, isTree, ruleOfObjects, tree, trees } from "./rule.ts";

/**
 * What Grafana's sidecar puts into its provisioning folder: one malformed file keeps Grafana from starting. Sources: seen
 * in Grafana 12.4; pkg/services/provisioning/datasources, pkg/services/correlations/models.go.
 */
export const grafanaStarts = ruleOfObjects(
  {
    id: "grafana-starts",
    severity: "error",
    protects: "Grafana, and all its dashboards, from a data source with which it does not start",
    remedy: "Mend the data source or correlation where it is made: components/grafana.",
  },
  (object) => {
    if (object.metadata.labels?.["grafana_datasource"] !== "1") return [];
    const { data, stringData } = decoded(object);
    const files = Object.entries({ ...tree(data), ...tree(stringData) });
    return files.flatMap(([file, text]) => fileProblems(String(text)).map((found) => `${file}: ${found}`));
  },
);

function fileProblems(text: string): string[] {
  const file = fromYaml(text);
  if (!isTree(file) || file["apiVersion"] !== 1) return ["is no provisioning file of apiVersion 1"];
  const sources = trees(file["datasources"]);
  return [
    ...sources.flatMap((source) => [
      ...["name", "type", "uid"]
        .filter((field) => typeof source[field] !== "string" || source[field] === "")
        .map((field) => `a data source has no ${field}`),
      ...(/^[\w-]{1,40}$/.test(String(source["uid"]))
        ? []
        : ["a uid is not of 1 to 40 letters, digits, - and _"]),
      ...(source["isDefault"] === true
        ? ["a data source is the default, as Grafana's own may be already"]
        : []),
      ...(source["access"] === undefined || source["access"] === "proxy"
        ? []
        : ["a data source's access is not proxy"]),
    ]),
    ...datasourceProblems(sources.map(asDatasource)),
  ];
}

/** A data source of a file, with the parts that a check reads. */
const asDatasource = (source: Readonly<Record<string, unknown>>): Datasource =>
  ({
    ...source,
    jsonData: tree(source["jsonData"]),
    correlations: trees(source["correlations"]).map((correlation) => ({
      ...correlation,
      // Grafana takes one without a type for a query.
      type: correlation["type"] ?? "query",
      config: tree(correlation["config"]),
    })),
  }) as unknown as Datasource;

function fromYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
