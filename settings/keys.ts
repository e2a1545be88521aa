import leven from "leven";

/** The project's name in Pulumi, the namespace of its configuration. */
export const projectName = "llm-tracing";

/** The key of a setting in a stack file: `tempo` is `llm-tracing:tempo`. */
export const qualify = (key: string): string => `${projectName}:${key}`;

/** The key of a setting below a section, as messages name it: `llm-tracing:tempo.retention`. */
export const keyOf = (path: readonly PropertyKey[]): string => qualify(shorten(printable(path.join("."))));

/** A text of which a terminal shows every character, in one line, as JSON would write what it cannot show. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The beginning of a text that is long. */
export const shorten = (text: string, most = 300): string =>
  text.length > most ? `${text.slice(0, most - 3)}…` : text;

/** The setting of a stack file's key; undefined for a key of another namespace, such as `aws:region`. */
export const strip = (key: string): string | undefined =>
  key.startsWith(`${projectName}:`) ? key.slice(projectName.length + 1) : undefined;

/** Configuration of a stack that is for no one: keys without a project, of a misspelt one, or with a path in them. */
export const unknownKeys = (keys: readonly string[]): string[] =>
  keys.flatMap((key) => {
    const [namespace = "", name, ...rest] = key.split(":");
    if (!name)
      return [`${JSON.stringify(key)} has no project; did you mean ${qualify(namespace || "tempo")}?`];
    if (namespace === projectName && rest.length > 0)
      return [`${key} is unknown; write ${[name, ...rest].join(": ")}, below ${qualify(name)}`];
    const isMisspelt = namespace !== projectName && leven(namespace.toLowerCase(), projectName) <= 2;
    return isMisspelt ? [`${key} is unknown; did you mean ${qualify(name)}?`] : [];
  });

/** The engine decrypts secrets; where there is none, this word stands for each. */
export const secretPlaceholder = "[secret]";
