import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { referenceSections } from "../../../assembly/bundle.ts";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import { parseSettings } from "../../../settings.ts";

/** What `GET /status/config?mode=defaults` of Tempo 3.0.3 lists. */
const listed = readFileSync(new URL("keys-3.0.3.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** What it leaves out because it is empty by default (`modules/overrides/config.go`, `modules/generator/storage/config.go`). */
const unlisted = [
  "metrics_generator.registry.external_labels",
  "metrics_generator.storage.remote_write",
  ...["processors", "max_active_series", "max_cardinality_per_label", "generate_native_histograms"].map(
    (key) => `overrides.defaults.metrics_generator.${key}`,
  ),
];

/** Sections of the collector's receivers, and of labels, whose keys are not Tempo's. */
const others = ["distributor.receivers.", "metrics_generator.registry.external_labels."];

const keysOf = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, below]) => [`${path}${key}`, ...keysOf(below, `${path}${key}.`)])
    : [];

describe("keys of Tempo 3.0's configuration", () => {
  const known = new Set([...listed, ...unlisted]);

  referenceSections.forEach((sections, index) => {
    it(`are keys that Tempo knows: reference ${index + 1}`, () => {
      const config = tempoConfig(tempoArgs(parseSettings({ environment: "dev", ...sections })));
      const unknown = keysOf(config).filter((key) => !known.has(key));
      assert.deepEqual(
        unknown.filter((key) => !others.some((section) => key.startsWith(section))),
        [],
      );
    });
  });
});
