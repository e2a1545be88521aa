import assert from "node:assert/strict";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import fc from "fast-check";
import { normalise } from "../../dashboards/normalise.ts";

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: unknown;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource?: unknown;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}

const panel = fc.record({
  type: fc.constant("timeseries"),
  title: fc.string({ maxLength: 4 }),
  id: fc.constantFrom(0, 1, 7),
  datasource: fc.constantFrom({ type: "prometheus", uid: "${p}" }, { type: "tempo", uid: "${t}" }),
  targets: fc.array(fc.record({ expr: fc.string({ maxLength: 4 }), refId: fc.constant("A") }), {
    maxLength: 4,
  }),
});

const row = fc.record({
  type: fc.constant("row"),
  title: fc.string({ maxLength: 4 }),
  id: fc.constant(0),
  collapsed: fc.constant(true),
  panels: fc.array(panel, { maxLength: 3 }),
});

const dashboard = fc.record({
  uid: fc.constant("u"),
  title: fc.constant("T"),
  panels: fc.array(fc.oneof(panel, row), { maxLength: 5 }),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Dashboard>;

const panelsOf = (json: { readonly [key: string]: unknown }): Panel[] =>
  (json["panels"] as Panel[]).flatMap((each) => [each, ...(each.panels ?? [])]);

describe("a dashboard, normalised,", () => {
  it("numbers its panels from 1 as they are read, those in rows too", () => {
    fc.assert(
      fc.property(dashboard, (json) => {
        const panels = panelsOf(normalise(json));
        assert.deepEqual(
          panels.map(({ id }) => id),
          panels.map((_, index) => index + 1),
        );
      }),
    );
  });

  it("has for each query a letter of its own within its panel, and the panel's data source", () => {
    fc.assert(
      fc.property(dashboard, (json) => {
        for (const { targets = [], datasource } of panelsOf(normalise(json))) {
          assert.equal(targets.map(({ refId }) => refId).join(""), "ABCD".slice(0, targets.length));
          for (const target of targets) assert.deepEqual(target.datasource, datasource);
        }
      }),
    );
  });

  it("keeps titles, queries and their order", () => {
    fc.assert(
      fc.property(dashboard, (json) => {
        const read = (value: unknown) =>
          panelsOf(value as Record<string, unknown>).map(({ title, targets }) => [
            title,
            targets?.map(({ expr }) => expr),
          ]);
        assert.deepEqual(read(normalise(json)), read(json));
      }),
    );
  });

  it("is the same bytes whatever the order of keys, and normalised once is normalised", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, reversed(member)]),
      );
    };
    fc.assert(
      fc.property(dashboard, (json) => {
        const bytes = JSON.stringify(normalise(json));
        assert.equal(JSON.stringify(normalise(reversed(json) as Dashboard)), bytes);
        assert.equal(JSON.stringify(normalise(JSON.parse(bytes) as Dashboard)), bytes);
      }),
    );
  });

  it("is plain data: what is no JSON is left out", () => {
    const json = { uid: "u", title: "T", refresh: undefined, _implements: () => 1, panels: [] };
    assert.deepEqual(normalise(json as unknown as Dashboard), { panels: [], title: "T", uid: "u" });
  });
});
