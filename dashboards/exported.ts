import { UserError } from "../errors.ts";
import type { DashboardFile } from "./dashboard.ts";
import type { DashboardJson } from "./normalise.ts";

/**
 * A dashboard exported from Grafana as JSON.
 *
 * Grafana loads files only in the classic format (`panels`), without `__inputs` to be filled in by hand.
 *
 * @throws UserError that says how to export it instead.
 */
export function exported(name: string, json: unknown): DashboardFile {
  const value = (typeof json === "object" && json ? json : {}) as Record<string, unknown>;
  const refuse = (what: string): never => {
    throw new UserError(`The dashboard "${name}" ${what}`);
  };
  if ("elements" in value || "apiVersion" in value || "spec" in value) {
    refuse(
      'is in the v2 format, which Grafana does not load from files. Export it as "Classic" (Export as code).',
    );
  }
  if ("__inputs" in value) {
    refuse("was exported for sharing: its data sources are placeholders. Export it without that option.");
  }
  if (!Array.isArray(value["panels"])) refuse("is no dashboard: it has no list of panels.");
  for (const key of ["uid", "title"]) {
    if (typeof value[key] !== "string" || value[key] === "")
      refuse(`has no ${key}, which its address and checks need.`);
  }
  if (!/^[\w-]{1,40}$/.test(String(value["uid"]))) {
    refuse('has a uid that Grafana refuses: want at most 40 letters, digits, "-" and "_".');
  }
  if (!(value["panels"] as unknown[]).every((panel) => typeof panel === "object" && panel !== null)) {
    refuse("has a panel that is none.");
  }
  // Grafana gives its own database id and version to every dashboard it loads.
  const { id: _id, version: _version, ...rest } = value;
  return { name, json: rest as DashboardJson };
}
