import { stringify } from "yaml";
import type { Credential, Datasource } from "./datasource.ts";

/** Grafana's provisioning file for these data sources. */
export function provisioningYaml(datasources: readonly Datasource[]): string {
  const file = {
    apiVersion: 1,
    datasources: datasources.map(({ basicAuthUser, secureJsonData, ...rest }) => ({
      ...(escapeVariables(rest) as object),
      access: "proxy",
      isDefault: false,
      editable: false,
      ...(basicAuthUser && { basicAuthUser: credential(basicAuthUser) }),
      ...(secureJsonData && {
        secureJsonData: Object.fromEntries(
          Object.entries(secureJsonData).map(([key, value]) => [key, credential(value)]),
        ),
      }),
    })),
  };
  // Grafana reads YAML 1.1, where an organization `no` would be a truth value.
  // As a block, a text that begins with a space and a line break would lose the space.
  const format = {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    blockQuote: false,
    compat: "yaml-1.1",
  } as const;
  return stringify(file, format);
}

/** Doubles every `$`: Grafana expands its environment in provisioning files, and an unknown variable is silently empty. */
export function escapeVariables(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(escapeVariables);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escapeVariables(member)]));
  }
  return value;
}

const credential = (value: Credential): unknown =>
  typeof value === "string" ? escapeVariables(value) : `$${value.env}`;
