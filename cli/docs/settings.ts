import { stringify } from "yaml";
import { secretSettings } from "../../settings.ts";
import { projectName, qualify } from "../../settings/keys.ts";
import { settings, shown, type JsonSchema } from "../../settings/json-schema.ts";

const sections = Object.entries(settings.properties ?? {});

/** The files that follow from the settings' schema, by their path in the project. */
export const settingsFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ["Pulumi.yaml", pulumiYaml()],
    ["settings.schema.json", editorSchema()],
    ["docs/settings.md", settingsPage()],
  ]);

/**
 * The project file: the CLI checks the outer shape of each key before the program runs. It demands a value for
 * every key it knows of that has no default, so what is optional is not named there: secrets, and sections that there may be none of.
 */
function pulumiYaml(): string {
  const config = Object.fromEntries(
    sections
      .filter(([key, section]) => section.default !== undefined || settings.required?.includes(key))
      .map(([key, { type, description, default: value }]) => [
        key,
        { type, description, ...(value !== undefined && { default: value }) },
      ]),
  );
  const project = {
    name: projectName,
    description: "Tracing for Open WebUI, LiteLLM and Ollama: Tempo, Grafana data sources and dashboards",
    runtime: { name: "nodejs", options: { typescript: false } },
    main: "index.ts",
    // What was changed or deleted in the cluster since the last deployment is put back by the next.
    options: { refresh: "always" },
    config,
  };
  return `# Made by \`make docs\` from settings/schema.ts.\n${stringify(project, { lineWidth: 0 })}`;
}

/** A schema of the stack files, with which an editor completes and checks them. */
function editorSchema(): string {
  const text = { type: "string" };
  const secret = { anyOf: [text, { type: "object", properties: { secure: text }, required: ["secure"] }] };
  const properties = Object.fromEntries([
    ...sections.map(([key, section]) => [qualify(key), section]),
    ...Object.entries(secretSettings).map(([key, description]) => [qualify(key), { description, ...secret }]),
  ]) as Record<string, unknown>;
  const file = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Stack file of ${projectName}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties,
        required: (settings.required ?? []).map(qualify),
      },
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function settingsPage(): string {
  const lines = [
    "# Settings",
    "",
    "<!-- Made by `make docs` from settings/schema.ts. -->",
    "",
    "Settings stand in `Pulumi.<environment>.yaml`, each section under its own key:",
    "",
    "```yaml",
    "config:",
    `  ${qualify("environment")}: dev`,
    `  ${qualify("tempo")}:`,
    "    retention: 72h",
    "```",
    "",
    "Everything but `environment` has a default that fits a kube-prometheus-stack released as any name into the",
    "namespace `monitoring`. An unknown key, a wrong type or a wrong value stops the program before anything is created.",
    "A default of “–” means: not set.",
  ];
  for (const [key, section] of sections) {
    lines.push("", `## ${key}`, "", section.description ?? "", "", ...table(section, key));
  }
  lines.push("", "## Secrets", "");
  for (const [key, description] of Object.entries(secretSettings)) {
    lines.push(`- \`${key}\`: ${description} Set it with \`pulumi config set --secret ${key}\`.`);
  }
  return `${lines.join("\n")}\n`;
}

function table(section: JsonSchema, key: string): string[] {
  const rows = section.properties
    ? rowsOf(section, key)
    : [rowOf(key, section, settings.required?.includes(key) ?? false)];
  return ["| key | value | default | meaning |", "|---|---|---|---|", ...rows];
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    if (member.properties) return rowsOf(member, `${prefix}.${name}`);
    const key = `${prefix}.${name}`;
    const options = (member.oneOf ?? []).flatMap((option) => optionRows(option, key));
    return [rowOf(key, member, required.includes(name)), ...options];
  });
}

/** One choice of a union: its keys, marked with the value that makes the choice. */
function optionRows(option: JsonSchema, key: string): string[] {
  const choice = Object.entries(option.properties ?? {}).find(([, member]) => member.const !== undefined);
  return rowsOf(option, key)
    .filter((row) => !row.startsWith(`| \`${key}.${choice?.[0]}\``))
    .map((row) => row.replace("` |", `\` (${String(choice?.[1].const)}) |`));
}

function rowOf(key: string, member: JsonSchema, isRequired: boolean): string {
  const { meaning, byDefault = isRequired ? "required" : "–" } = partsOf(member);
  return `| \`${key}\` | ${valuesOf(member)} | ${byDefault} | ${meaning} |`;
}

/** A default that depends on others, or the reason why there is none, stands in words at the end of a description. */
function partsOf({ description = "", default: value }: JsonSchema): { meaning: string; byDefault?: string } {
  if (value !== undefined) return { meaning: description, byDefault: `\`${shown(value)}\`` };
  const [, meaning, none, words] = /^(.*?) ?\b(?:(No default)|Default): (.*)\.$/.exec(description) ?? [];
  if (meaning === undefined) return { meaning: description };
  return { meaning, byDefault: none ? `required: ${words}` : words };
}

function valuesOf({ type, enum: values, const: only, oneOf, items }: JsonSchema): string {
  if (oneOf) return oneOf.map((option) => `\`${String(choiceOf(option))}\``).join(", ");
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (type === "array") return `list of ${items ? valuesOf(items) : "values"}`;
  if (type === "object") return "keys and values";
  return typeof type === "string" ? type : (type ?? []).join(" or ");
}

const choiceOf = (option: JsonSchema): unknown =>
  Object.values(option.properties ?? {}).find((member) => member.const !== undefined)?.const;
