import { fileURLToPath } from "node:url";
import pulumi from "@pulumi/eslint-plugin";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * The rooms of this project, from the ground up: what each may import besides itself and `errors.ts` and `service-url.ts`, and why no more.
 * All but the last are named by folder; a room may have a file of its name beside it.
 */
const rooms = {
  telemetry: [[], "the contract is what everything else is derived from"],
  grafana: [[], "formats of Grafana's that data sources and dashboards share, and nothing else"],
  settings: [["telemetry"], "the contract limits settings, and nothing that is made of them may"],
  release: [["settings"], "a version is judged by what it is given, whatever that is made of"],
  components: [
    ["telemetry", "grafana", "release"],
    "a component has arguments of its own, and knows no dashboard",
  ],
  dashboards: [["telemetry", "grafana"], "a dashboard asks signals, wherever it is delivered to"],
  alerts: [["telemetry"], "a rule asks signals, whoever delivers it"],
  assembly: [
    ["telemetry", "grafana", "settings", "release", "components", "dashboards", "alerts"],
    "this is where settings become arguments, for the program alone",
  ],
  stack: [
    ["telemetry", "grafana", "settings", "release", "components", "dashboards", "assembly"],
    "the program runs wherever Pulumi does, without the tools around it",
  ],
  index: [["settings", "release", "assembly", "stack"], "the entry point joins settings, gate and stack"],
  processes: [[], "looking after processes needs to know nothing of what they are"],
  clients: [["telemetry"], "asking a server needs to know nothing of who started it"],
  terminal: [["processes"], "what is printed comes from elsewhere"],
  tools: [["processes", "terminal", "release"], "building a program needs nothing of what it is for"],
  policy: [
    ["settings", "release", "components"],
    "rules judge objects as plain data; of what makes them they know Grafana's checks and the images",
  ],
  engine: [
    ["settings", "release", "assembly", "stack", "index", "policy", "terminal", "tools"],
    "the engine works for any cluster: a sandbox is one of several",
  ],
  sandbox: [
    ["settings", "components", "clients", "processes", "terminal", "tools", "engine"],
    "a control plane and backends do not know what is sent to them",
  ],
  traffic: [
    ["telemetry", "settings", "assembly", "clients", "processes", "terminal", "tools", "sandbox"],
    "chats are sent to whatever takes them, and judged elsewhere",
  ],
  cli: [
    [
      ...["telemetry", "grafana", "settings", "release", "components", "dashboards", "assembly", "index"],
      ...["policy", "clients", "processes", "terminal", "tools", "engine", "sandbox", "traffic"],
    ],
    "a command joins what is there; only tests import tests",
  ],
  tests: undefined,
};

const program = [
  "telemetry",
  "grafana",
  "settings",
  "release",
  "components",
  "dashboards",
  "assembly",
  "stack",
  "index",
];

/** A room's folder, and its file at the root. */
const placesOf = (room) => [`./${room}`, `./${room}.ts`];
const filesOf = (room) => [`${room}/**/*.ts`, `${room}.ts`];

export default tseslint.config(
  { ignores: ["eslint.config.js", "policy/start.cjs", "node_modules/", ".tools/", ".sandbox/", "rendered/"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi, "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver()],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/extensions": [".ts"],
    },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: ["describe", "it"] }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": [
        "error",
        { basePath: fileURLToPath(new URL(".", import.meta.url)), zones: zones() },
      ],
    },
  },
  {
    // The program is a pure function of settings and source: rendering twice gives the same bytes.
    files: program.flatMap(filesOf),
    rules: {
      "no-restricted-globals": ["error", "process", "fetch"],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now" },
        { object: "Math", property: "random" },
        { object: "process", property: "env" },
      ],
    },
  },
  {
    // Plain data: these run without Pulumi, in tests and in tools.
    files: ["telemetry", "grafana", "dashboards", "clients", "processes", "terminal", "tools"].flatMap(
      filesOf,
    ),
    rules: { "no-restricted-imports": ["error", { patterns: ["@pulumi/*", "@pulumiverse/*"] }] },
  },
);

/** For each room, the others that it may not import. */
function zones() {
  const names = Object.keys(rooms);
  const promote = ["./cli/promote", "./cli/promote.ts"].map((target) => ({
    target,
    from: "./sandbox",
    message: "promotion is for clusters: it works where no sandbox does.",
  }));
  const between = Object.entries(rooms)
    .filter(([, allowed]) => allowed)
    .flatMap(([room, [allowed, because]]) => {
      const forbidden = names.filter((name) => name !== room && !allowed.includes(name));
      return placesOf(room).map((target) => ({
        target,
        from: forbidden.flatMap(placesOf),
        message: `${room} may import ${[...allowed, "errors.ts", "service-url.ts"].join(", ")}: ${because}.`,
      }));
    });
  return [...between, ...promote];
}
