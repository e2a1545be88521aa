/** Variables of Grafana's environment, and files it can read. */
export interface GrafanaHost {
  readonly env: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * What Grafana makes of a value in a provisioning file: it cuts each text at `$$`, fills in `${NAME}`, `$__env{NAME}`
 * and `$__file{path}` in each piece, then the shell's `$NAME` and `${NAME}`, and joins the pieces with a single `$`.
 * A variable that is not set is empty. Keys are left alone.
 *
 * Source: `pkg/services/provisioning/values/values.go` and `pkg/setting/expanders.go` of Grafana; Go's `os.Expand`.
 */
export function expand(value: unknown, host: GrafanaHost): unknown {
  if (typeof value === "string") {
    return value
      .split("$$")
      .map((piece) => expandEnvironment(expandProviders(piece, host), host))
      .join("$");
  }
  if (Array.isArray(value)) return value.map((member) => expand(member, host));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expand(member, host)]));
}

function expandProviders(text: string, { env, files = {} }: GrafanaHost): string {
  return text.replace(/\$(|__\w+)\{([^}]+)\}/g, (match, provider: string, argument: string) => {
    if (provider === "" || provider === "__env") return env[argument] ?? "";
    if (provider !== "__file") return match;
    const content = files[argument];
    if (content === undefined) throw new Error(`Grafana does not start: there is no file ${argument}`);
    return content.trim();
  });
}

/** `os.ExpandEnv`: a lone `$` stays, bad syntax such as `${` is eaten, single special characters are names. */
const expandEnvironment = (text: string, { env }: GrafanaHost): string =>
  text.replace(
    /\$(?:\{([^}]*)\}|\{|([*#$@!?\d-])|([A-Za-z_]\w*))/g,
    (_, braced?: string, special?: string, name?: string) => {
      const variable = braced ?? special ?? name;
      return variable === undefined ? "" : (env[variable] ?? "");
    },
  );
