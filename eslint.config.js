import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

const program = [
  "index.ts",
  "stack.ts",
  "settings.ts",
  "settings/**",
  "telemetry/**",
  "components/**",
  "dashboards/**",
];

export default tseslint.config(
  { ignores: ["eslint.config.js", "node_modules/", ".tools/", ".sandbox/", "rendered/"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: ["describe", "it"] }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
    },
  },
  {
    // The program is a pure function of settings and source: rendering twice gives the same bytes.
    files: program,
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
  // One direction: telemetry ← dashboards, components ← stack.ts ← index.ts, cli, sandbox, tests.
  only("telemetry/**", [
    "@pulumi/*",
    "@pulumiverse/*",
    "@grafana/*",
    "**/settings*",
    "**/components/**",
    "**/dashboards/**",
  ]),
  only("dashboards/**", ["@pulumi/*", "@pulumiverse/*", "**/components/**"]),
  only("components/**", ["**/dashboards/**"]),
  only("grafana/**", ["@pulumi/*", "@pulumiverse/*", "**/components/**", "**/dashboards/**"]),
);

/** Files that may not import these. */
function only(files, forbidden) {
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns: forbidden }] } };
}
