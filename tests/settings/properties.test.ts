import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { productOf } from "../../assembly/bundle.ts";
import { renderConfig, yamlFormat } from "../../engine/rendering.ts";
import { parseStackFile, type ConfigValue } from "../../engine/stack-files.ts";
import { UserError } from "../../errors.ts";
import { judge, sentenceOf } from "../../policy/check.ts";
import { contextOf } from "../../policy/context.ts";
import type { KubernetesObject } from "../../policy/rule.ts";
import { parseSettings, secretSettings, type Settings } from "../../settings.ts";
import { keyOf, qualify, strip } from "../../settings/keys.ts";
import {
  alternatives,
  at,
  bases,
  isChoice,
  leaves,
  mutated,
  put,
  withoutSecrets,
  type Mutated,
  type Path,
  type Values,
} from "./mutations.ts";

const today = new Date();

/** What is made of settings: their refusal, or objects and all else that they decide. */
type Outcome =
  | { readonly refusal: string }
  | { readonly settings: Settings; readonly objects: readonly KubernetesObject[]; readonly all: unknown };

const configOf = (values: Values): Record<string, ConfigValue> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [qualify(key), value as ConfigValue]));

/** What a stack file says, written and read again. */
function written({ stack, values }: Mutated): Readonly<Record<string, ConfigValue>> {
  const config = configOf(values);
  const read = parseStackFile(`Pulumi.${stack}.yaml`, stringify({ config })).config;
  assert.deepEqual(read, config);
  return read;
}

const refusalOf = (error: unknown): Outcome => {
  if (!(error instanceof UserError)) throw error;
  return { refusal: error.message };
};

/** By the functions that plan the objects, without Pulumi. */
function planned(given: Mutated): Outcome {
  let settings: Settings;
  try {
    const entries = Object.entries(written(given)).map(([key, value]) => [strip(key)!, value]);
    settings = parseSettings(withoutSecrets(Object.fromEntries(entries) as Values));
  } catch (error) {
    return refusalOf(error);
  }
  const all = productOf(settings);
  const objects = (all.objects as { kind: string; object: object }[]).map(
    ({ kind, object }) => ({ kind, ...object }) as unknown as KubernetesObject,
  );
  return { settings, objects, all };
}

/** By the whole program, on Pulumi's mock monitor. */
async function rendered(given: Mutated): Promise<Outcome> {
  try {
    const { settings, kubernetes, outputs, resources } = await renderConfig(given.stack, written(given));
    return { settings, objects: kubernetes, all: { outputs, resources } };
  } catch (error) {
    return refusalOf(error);
  }
}

function check(given: Mutated, outcome: Outcome): void {
  if ("refusal" in outcome) checkRefusal(given, outcome.refusal);
  else checkObjects(given, outcome);
}

function checkRefusal({ values, paths, secret }: Mutated, refusal: string): void {
  assert.ok(!refusal.includes(secret), `repeats a secret: ${refusal}`);
  const [head, ...lines] = refusal.split("\n");
  assert.match(head!, /:$/);
  assert.ok(lines.length > 0, refusal);
  for (const line of lines) {
    assert.match(line, /^ {2}- [^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+$/u);
    assert.ok(line.length < 1000, line);
    assert.ok(blames(line, values, paths), `blames what was not changed: ${line}`);
    const [, key] = /^ {2}- llm-tracing:(\S+): got nothing/.exec(line) ?? [];
    if (key) assert.equal(at(values, key.split(".")), undefined, `there was something: ${line}`);
  }
}

/** Whether a line names a key that was changed, one that it contradicts, or one that is now needed beside it. */
function blames(line: string, values: Values, paths: readonly Path[]): boolean {
  const names = (path: Path) => line.replace(/^ {2}- "?/, "").startsWith(keyOf(path));
  const isMissing = line.includes("got nothing");
  return (
    paths.some(
      (path) =>
        names(path) ||
        line.includes(path.at(-1)!) ||
        path.some((_name, index) => index > 0 && names(path.slice(0, index)) && (isMissing || index > 1)),
    ) ||
    (!isMissing && leaves.some((path) => at(values, path) !== undefined && names(path)))
  );
}

function checkObjects(
  { values }: Mutated,
  { settings, objects, all }: Exclude<Outcome, { refusal: string }>,
) {
  const forGitOps = values["openobservePassword"] === undefined;
  const { complaints } = judge(objects, contextOf(settings, { forGitOps }), { today });
  // The one demand that only the objects can meet; it names its key.
  const others = complaints.filter((complaint) => !sentenceOf(complaint).includes("images.requireDigest"));
  assert.deepEqual(others.map(sentenceOf), []);
  assert.ok(others.length === complaints.length || settings.images.requireDigest);
  objects.forEach(checkReadsBack);
  const texts = JSON.stringify(textsOf(all));
  for (const [path, value] of shownValues(values, settings)) {
    assert.ok(texts.includes(JSON.stringify(value).slice(1, -1)), `${path.join(".")} is nowhere: ${value}`);
  }
}

const readBack = new Set<string>();

function checkReadsBack(object: KubernetesObject): void {
  const json = JSON.stringify(object);
  if (readBack.has(json)) return;
  for (const version of ["1.1", "1.2"] as const) {
    assert.deepEqual(parse(stringify(object, yamlFormat), { version }), JSON.parse(json));
  }
  readBack.add(json);
}

/** Every text in a value; of a text that is a document, those in it, too. */
function textsOf(value: unknown): string[] {
  if (typeof value === "number") return [String(value)];
  if (typeof value === "string") return [value, ...(value.endsWith("\n") ? textsOf(documentIn(value)) : [])];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member)]);
}

/** JSON is YAML, too, but read much faster. */
const documentIn = (text: string): unknown => (text.startsWith("{") ? JSON.parse(text) : parse(text));

/** Settings that objects show as they are: no choice, no length of time, and nothing that another one replaces. */
function shownValues(values: Values, settings: Settings): [Path, string][] {
  const replaced = [
    ...["promotion.from", "promotion.override", "privacy.reason", "tempo.acceptLoss"],
    ...(settings.alerts.rules === "none" ? ["alerts.runbooks"] : []),
    ...(settings.prometheus.scrape === "none" ? ["prometheus.namespace"] : []),
    ...(settings.images.mirror === undefined ? [] : ["tempo.image", "collector.image"]),
    ...(settings.collector.enabled
      ? []
      : leaves.map((path) => path.join(".")).filter((key) => key.startsWith("collector."))),
    ...(settings.openobserve.user === undefined ? [] : ["openobserve.userEnv"]),
    ...(values["openobservePassword"] === undefined ? [] : ["openobserve.passwordEnv"]),
  ];
  return leaves.flatMap((path): [Path, string][] => {
    const value = at(settings, path);
    const isShown = at(values, path) !== undefined && typeof value === "string" && !isChoice(path);
    return isShown && !replaced.includes(path.join(".")) ? [[path, value]] : [];
  });
}

/** SEED=… and, from fast-check's message, FC_PATH=… repeat a failure. */
const fresh = Number(process.env["SEED"] ?? randomInt(2 ** 31));
const path = process.env["FC_PATH"];

describe("settings that were changed at random", () => {
  before(() => console.log(`    SEED=${fresh} is this run's own`));

  for (const seed of [1, 2, 3, 4, fresh]) {
    const parameters = { seed, ...(seed === fresh && { path }) };

    it(`are refused by their key, or make what passes every policy and says what was meant (seed ${seed})`, () => {
      const counts = { refused: 0, made: 0 };
      fc.assert(
        fc.property(mutated, (given) => {
          const outcome = planned(given);
          counts["refusal" in outcome ? "refused" : "made"]++;
          check(given, outcome);
        }),
        { ...parameters, numRuns: 500 },
      );
      if (path === undefined) assert.ok(Math.min(counts.refused, counts.made) > 50, JSON.stringify(counts));
    }).timeout(180_000);
  }

  it(`are so for the whole program, too (seed ${fresh})`, async () => {
    const property = fc.asyncProperty(mutated, async (given) => check(given, await rendered(given)));
    await fc.assert(property, { seed: fresh, path, numRuns: 60 });
  }).timeout(180_000);

  it(`are refused without a secret where their file is torn (seed ${fresh})`, () => {
    fc.assert(
      fc.property(mutated, fc.double({ min: 0, max: 1, noNaN: true }), ({ stack, values, secret }, part) => {
        const config = configOf({ ...values, openobservePassword: secret });
        const text = stringify({ config });
        try {
          parseStackFile(`Pulumi.${stack}.yaml`, text.slice(0, Math.floor(text.length * part)));
        } catch (error) {
          assert.ok(error instanceof UserError);
          assert.ok(!error.message.includes(secret), error.message);
        }
      }),
      { seed: fresh, path, numRuns: 300 },
    );
  }).timeout(60_000);
});

describe("every key of the settings", () => {
  /** Keys that decide whether objects are made, may be made, or how Pulumi makes them, rather than what they are. */
  const elsewhere = [
    ...["promotion.from", "promotion.override", "cluster.useCurrentContext", "grafana.delivery"],
    ...["images.requireDigest", "traffic.models", "traffic.requestKinds", "privacy.reason"],
    "tempo.acceptLoss",
  ];
  // With another mode, or another backend, other keys are needed beside it.
  const single = ["tempo.replicas", "tempo.storage.backend", "tempo.mode", "privacy.mode"];
  const secrets = Object.keys(secretSettings);

  for (const path of leaves.filter(
    (path) => ![...elsewhere, ...single, ...secrets].includes(path.join(".")),
  )) {
    it(`changes what is made: ${path.join(".")}`, () => {
      const made = (values: Values) => JSON.stringify(productOf(parseSettings(withoutSecrets(values))));
      const changes = bases.flatMap((base) =>
        alternatives(base, path).map((value): [Values, unknown] => [base, value]),
      );
      assert.ok(changes.length > 0, "mutations.ts has no good value for it");
      assert.ok(changes.some(([base, value]) => made(base) !== made(put(base, path, value) as Values)));
    });
  }
});
