import assert from "node:assert/strict";
import { exported } from "../../dashboards/exported.ts";
import { UserError } from "../../errors.ts";

/** As Grafana exports it: Export as code, Classic. */
const classic = {
  id: 42,
  uid: "gpu",
  title: "GPUs",
  version: 7,
  schemaVersion: 41,
  panels: [{ id: 1, type: "timeseries", title: "Busy" }],
};

const { uid: _uid, ...withoutUid } = classic;
const { title: _title, ...withoutTitle } = classic;
const { panels: _panels, ...withoutPanels } = classic;

const v2 = {
  elements: { "panel-1": { kind: "Panel", spec: {} } },
  layout: { kind: "GridLayout", spec: { items: [] } },
  title: "GPUs",
};

const sayHow = /is in the v2 format, which Grafana does not load from files\. Export it as "Classic"/;

const refusals: readonly (readonly [string, unknown, RegExp])[] = [
  ["the v2 format", v2, sayHow],
  [
    "the v2 format as a Kubernetes resource",
    { apiVersion: "dashboard.grafana.app/v2beta1", kind: "Dashboard", metadata: { name: "gpu" }, spec: v2 },
    sayHow,
  ],
  [
    "the classic format as a Kubernetes resource",
    { apiVersion: "dashboard.grafana.app/v1beta1", kind: "Dashboard", spec: classic },
    /Export it as "Classic"/,
  ],
  [
    "an export for sharing, whose data sources are placeholders",
    { ...classic, __inputs: [{ name: "DS_PROMETHEUS", type: "datasource" }] },
    /was exported for sharing: .* Export it without that option/,
  ],
  ["a dashboard without a uid", withoutUid, /has no uid, which its address and checks need/],
  ["a dashboard with an empty uid", { ...classic, uid: "" }, /has no uid/],
  ["a dashboard with a null uid, as new ones have", { ...classic, uid: null }, /has no uid/],
  ["a dashboard without a title", withoutTitle, /has no title/],
  ...["a/b c../", "x".repeat(41)].map((uid): [string, unknown, RegExp] => [
    `a dashboard with the uid ${uid.slice(0, 10)}`,
    { ...classic, uid },
    /has a uid that Grafana refuses: want at most 40/,
  ]),
  ...[null, 5].map((panel): [string, unknown, RegExp] => [
    `a dashboard with ${panel} for a panel`,
    { ...classic, panels: [panel] },
    /has a panel that is none/,
  ]),
  ["JSON that is no dashboard", withoutPanels, /is no dashboard: it has no list of panels/],
  ["an empty file's null", null, /is no dashboard/],
  ["a list", [classic], /is no dashboard/],
  ["text", "GPUs", /is no dashboard/],
];

describe("a dashboard exported from Grafana", () => {
  it("is taken as it is, but for the id and version of the Grafana it comes from", () => {
    const { name, json } = exported("gpu-dashboard", classic);
    const { id: _id, version: _version, ...rest } = classic;
    assert.equal(name, "gpu-dashboard");
    assert.deepEqual(json, rest);
  });

  for (const [what, json, says] of refusals) {
    it(`is refused by its name when it is ${what}`, () => {
      assert.throws(
        () => exported("gpu-dashboard", json),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.message, /^The dashboard "gpu-dashboard" /);
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }
});
