import path from "node:path";
import { jsonFrom, nameOf, type Judge } from "./judge.ts";

/** What kubeconform prints. */
interface Report {
  readonly resources: readonly {
    readonly filename: string;
    readonly status: "statusValid" | "statusInvalid" | "statusError" | "statusSkipped" | "statusEmpty";
    readonly msg: string;
    readonly validationErrors?: readonly { readonly path: string; readonly msg: string }[];
  }[];
}

/**
 * kubeconform, which takes no field that the schemas do not have, and nothing without a schema.
 *
 * @param program - The executable.
 * @param schemas - A folder that `writeSchemas` has filled.
 */
export const kubeconform = (program: string, schemas: string): Judge => ({
  name: "kubeconform",
  judge: async (manifests) => {
    const { resources } = await jsonFrom<Report>(program, [
      "-strict",
      "-verbose",
      "-output=json",
      "-n=1",
      `-schema-location=${path.join(schemas, "{{.ResourceKind}}{{.KindSuffix}}.json")}`,
      ...manifests.map(({ file }) => file),
    ]);
    return {
      judged: resources.length,
      findings: resources
        .filter(({ status }) => status !== "statusValid")
        .map(({ filename, status, msg, validationErrors = [] }) => ({
          judge: "kubeconform",
          rule: status === "statusInvalid" ? "schema" : "no-schema",
          object: nameOf(manifests.find(({ file }) => file === filename)!.object),
          words: validationErrors.map((error) => `${error.path}: ${error.msg}`).join("; ") || msg,
        })),
    };
  },
});
