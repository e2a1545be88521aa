/** The project's name in Pulumi, the namespace of its configuration. */
export const projectName = "llm-tracing";

/** The key of a setting in a stack file: `tempo` is `llm-tracing:tempo`. */
export const qualify = (key: string): string => `${projectName}:${key}`;

/** The setting of a stack file's key; undefined for a key of another namespace, such as `aws:region`. */
export const strip = (key: string): string | undefined =>
  key.startsWith(`${projectName}:`) ? key.slice(projectName.length + 1) : undefined;
