import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertLines } from "../../cli/demo/alerts.ts";
import { describeDashboard } from "../../cli/demo/describe.ts";
import { originOf } from "../../telemetry/origin.ts";
import { excuses } from "../../cli/demo/excuses.ts";
import { sectionsOf } from "../../cli/demo/panels.ts";
import { legendOf, sparkline, withUnit } from "../../cli/demo/text.ts";
import { traffic, trafficSeconds } from "../../cli/demo/traffic.ts";
import { visibilities, waitUntilVisible } from "../../cli/demo/visible.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { projectFolder } from "../../engine/stack-files.ts";
import { telemetryContext } from "../../assembly/wiring.ts";
import { dashboards } from "../../dashboards/index.ts";
import type { Signal } from "../../telemetry/signals.ts";
import { failuresByClass, byModel, byUser } from "../../traffic/expected.ts";
import { endOf } from "../../traffic/span.ts";
import { fakeStack } from "./smoke/fake-stack.ts";

const settings = environmentSettings("dev");
const context = telemetryContext(settings);
const [dashboard] = dashboards(context);
const signals: readonly Signal[] = Object.values(context.signals);

describe("the command demo", () => {
  it("says in a sentence to run make up where no sandbox runs", () => {
    const dir = mkdtempSync(join(tmpdir(), "llm-tracing-"));
    const demo = [join(projectFolder, "cli/demo.ts"), "--dir", dir];
    const { status, stdout, stderr } = spawnSync(process.execPath, demo, { encoding: "utf8" });
    rmSync(dir, { recursive: true });
    assert.equal(
      stderr,
      "No Tempo and Prometheus run in the sandbox: run make up first. Where that started none, it said why.\n",
    );
    assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
  });
});

describe("the demo's traffic", () => {
  const visits = traffic("test", settings);
  const traces = visits.map(({ trace }) => trace);

  it("has 60 to 100 traces, and no two with one id", () => {
    assert.ok(traces.length >= 60 && traces.length <= 100);
    assert.equal(new Set(traces.map(({ id }) => id)).size, traces.length);
  });

  it("has several models and users, and every class of error", () => {
    assert.ok(Object.keys(byModel(traces)).length >= 3);
    assert.ok(Object.keys(byUser(traces)).length >= 3);
    assert.deepEqual(Object.keys(failuresByClass(traces)).sort(), [
      "APIConnectionError",
      "RateLimitError",
      "ReadError",
      "Timeout",
    ]);
  });

  it("begins no chat after its time, and ends not much later when compressed four times", () => {
    assert.ok(visits.every(({ at }) => at >= 0 && at < trafficSeconds + 5));
    for (const { trace, at } of visits) assert.ok(at / 4 + Math.max(0, endOf(trace) - 25) < 55);
  });

  it("is another at every run", () => {
    const other = new Set(traffic("other", settings).map(({ trace }) => trace.id));
    assert.ok(traces.every(({ id }) => !other.has(id)));
  });
});

describe("the demo's panels", () => {
  const sections = sectionsOf(dashboard!.json);
  const panels = sections.flatMap((section) => section.panels);

  it("are those of the dashboard, the open ones first and then row by row", () => {
    const list = dashboard!.json["panels"] as { type: string; title: string }[];
    assert.equal(sections[0]!.title, undefined);
    assert.equal(sections[0]!.panels.length, list.filter(({ type }) => type !== "row").length);
    assert.deepEqual(
      sections.slice(1).map(({ title }) => title),
      list.filter(({ type }) => type === "row").map(({ title }) => title),
    );
    const inDashboard = JSON.stringify(dashboard!.json).match(/"targets":/g)!.length;
    assert.equal(panels.length, inDashboard);
  });

  it("ask what their signals ask, with the signals' units", () => {
    for (const { title, queries, unit } of panels) {
      const signal = signals.find((candidate) => candidate.title === title)!;
      const asked = queries.map((query) => JSON.parse(JSON.stringify(query)) as unknown);
      assert.deepEqual(asked, JSON.parse(JSON.stringify(signal.queries)));
      assert.equal(unit, signal.unit ?? unit);
    }
  });

  it("are marked and named when they show nothing, but for those that may", async () => {
    const stack = await fakeStack({
      tempo: () => ({ body: {} }),
      prometheus: () => ({ body: { data: { result: [] } } }),
    });
    const now = Math.floor(Date.now() / 1000);
    const { lines, emptyPanels } = await describeDashboard(dashboard!.json, stack, {
      environment: "dev",
      from: now - 60,
      to: now,
      excused: { "Cost by team": "no keys here" },
    });
    stack.close();
    assert.deepEqual(
      emptyPanels,
      panels.map(({ title }) => title).filter((title) => title !== "Cost by team"),
    );
    assert.ok(lines.includes("  empty: no keys here"));
    assert.equal(lines.filter((line) => line === '  ✗ NOTHING HERE: no series "p99"').length, 1);
  });
});

describe("the demo's excuses", () => {
  const [tracing, , health] = dashboards(context);
  const titles = (json: typeof tracing) =>
    sectionsOf(json!.json).flatMap(({ panels }) => panels.map(({ title }) => title));
  const measured = Object.values(context.signals)
    .filter((signal) => originOf(signal) === "applications")
    .map(({ title }) => title);
  const ofStreams = ["Began in time", "First token budget left", "Burn rate"];
  const without = (changed: object) => excuses({ ...settings, ...changed }, context.signals, false);

  it("are for what the sandbox has not, where settings are the usual ones", () => {
    const ofSandbox = [
      ...["Failures of storage", "Lost at a store", "Volume left", "Volume left in a day"],
      ...["Spans refused and discarded", "Received by the collector", "Refused by the collector"],
      "Sent by the collector",
    ];
    assert.deepEqual(
      Object.keys(excuses(settings, context.signals, false)).sort(),
      [...ofSandbox, ...measured, ...ofStreams].sort(),
    );
    const live = Object.keys(excuses(settings, context.signals, true));
    assert.deepEqual(
      [...measured, ...ofStreams].filter((title) => live.includes(title)),
      [],
    );
  });

  it("are for all of Tracing Health where nobody scrapes Tempo, and for the objectives where there are no rules", () => {
    const found = Object.keys(
      without({
        prometheus: { ...settings.prometheus, scrape: "none" },
        alerts: { ...settings.alerts, rules: "none" },
      }),
    );
    assert.deepEqual(
      titles(health).filter((title) => !found.includes(title)),
      [],
    );
    const objectives = sectionsOf(tracing!.json).find(({ title }) => title === "Objectives")!.panels;
    assert.deepEqual(
      titles(tracing).filter((title) => found.includes(title) && !measured.includes(title)),
      objectives.map(({ title }) => title),
    );
  });
});

describe("the alerts at the demo's end", () => {
  const raised = (state: string, alertname: string, labels: object = {}, summary = `${alertname}.`) => ({
    state,
    labels: { alertname, severity: "warning", ...labels },
    annotations: { summary },
  });
  const said = async (...alerts: readonly object[]) => {
    const rules = [{ type: "alerting", alerts }, { type: "recording" }];
    const stack = await fakeStack({ prometheus: () => ({ body: { data: { groups: [{ rules }] } } }) });
    const lines = await alertLines(stack.prometheus);
    stack.close();
    return lines.map((line) => line.replace(stack.prometheus, ""));
  };

  it("are none where Prometheus raises none", async () => {
    assert.deepEqual(await said(), ["Alerts: none"]);
  });

  it("are named once each in words, what fires and what wakes somebody first", async () => {
    const page = { severity: "critical" };
    const found = await said(
      raised("pending", "B"),
      raised("pending", "A", { long: "1d" }),
      raised("pending", "A", { ...page, long: "6h" }),
      raised("firing", "C"),
      raised("pending", "C"),
      raised("pending", "D", { model: "x" }, "x fails."),
      raised("pending", "D", { model: "y" }, "y fails."),
    );
    assert.deepEqual(found, [
      "Alerts that this raises:",
      "  firing   warning   C  C.",
      "  pending  critical  A  A.",
      "  pending  warning   B  B.",
      "  pending  warning   D  x fails.",
      "  pending  warning   D  y fails.",
      "A pending one fires when it lasts: /alerts",
    ]);
  });
});

describe("a demo that waits", () => {
  const sight = (backends: { tempo: string; prometheus: string }) => {
    const [visit] = traffic("wait", settings);
    const sent = [{ trace: visit!.trace, startedAt: 0n }];
    return visibilities({
      backends,
      sent,
      since: Date.now() / 1000 - 60,
      settings,
      signals: context.signals,
    });
  };

  it("says after its deadline what is missing", async () => {
    const stack = await fakeStack({ tempo: () => ({ body: { traces: [] } }) });
    const [search, requests, own, calls] = sight(stack);
    await assert.rejects(
      waitUntilVisible(search!, 0.1),
      /newest trace in Tempo's search, in vain: the trace .* not found\.$/,
    );
    await assert.rejects(waitUntilVisible(requests!, 0.1), /in vain: open-webui has 0 of 1 requests\.$/);
    await assert.rejects(waitUntilVisible(own!, 0.1), /in vain: "Duration of questions" has no series\.$/);
    await assert.rejects(waitUntilVisible(calls!, 0.1), /in vain: user → open-webui has 0 of 1 calls\.$/);
    stack.close();
  });

  it("ends at once, and names the server, when one is down", async () => {
    const stack = await fakeStack({ prometheus: "down", tempo: "down" });
    const [search, requests] = sight(stack);
    const begun = Date.now();
    await assert.rejects(waitUntilVisible(search!, 60), /^UserError: Tempo at .* nothing listens there\.$/);
    await assert.rejects(
      waitUntilVisible(requests!, 60),
      /^UserError: Prometheus at .* nothing listens there\.$/,
    );
    assert.ok(Date.now() - begun < 2000);
    stack.close();
  });

  it("counts what rose since it began, also when Tempo was started anew meanwhile", async () => {
    const since = Date.now() / 1000 - 60;
    const values = (...counts: number[]) => counts.map((count, index) => [since + 15 * index, String(count)]);
    const stack = await fakeStack({
      prometheus: (url) =>
        url.pathname === "/api/v1/query_range"
          ? {
              body: {
                data: {
                  result: [
                    { metric: { service: "open-webui" }, values: values(93, 93, 1) },
                    { metric: { service: "litellm" }, values: values(5, 6, 6) },
                  ],
                },
              },
            }
          : undefined,
    });
    const [visit] = traffic("wait", settings);
    const sent = [{ trace: visit!.trace, startedAt: 0n }];
    const [, requests] = visibilities({ backends: stack, sent, since, settings, signals: context.signals });
    await waitUntilVisible(requests!, 0.1);
    stack.close();
  });
});

describe("the demo's text", () => {
  it("fills in a legend", () => {
    assert.equal(legendOf("{{client}} → {{ server }}{{none}}", { client: "a", server: "b" }), "a → b");
  });

  for (const [value, unit, text] of [
    [0.0345, "s", "34.5 ms"],
    [49.54, "s", "49.5 s"],
    [0, "s", "0 s"],
    [950, "ms", "950 ms"],
    [5969, "ms", "5.97 s"],
    [0.2834, "reqps", "0.283 req/s"],
    [4.545, "percent", "4.5 %"],
    [0.0384, "currencyUSD", "$0.0384"],
    [0, "currencyUSD", "$0"],
    [1309.4, "short", "1309"],
    [7200, "s", "2 h"],
    [213_204_992, "bytes", "203 MiB"],
    [-5_368_709_120, "bytes", "-5 GiB"],
    [10_239, "Bps", "10.2 kB/s"],
    [12, "Bps", "12 B/s"],
  ] as const) {
    it(`writes ${value} in ${unit} as ${text}`, () => assert.equal(withUnit(value, unit), text));
  }

  it("draws a line from 0 to its highest value, blank where there is nothing", () => {
    const points = [
      [15, 0],
      [25, 5],
      [35, 10],
    ] as const;
    assert.equal(sparkline(points, { from: 0, to: 60, width: 6 }), " ▁▅█  ");
  });
});
