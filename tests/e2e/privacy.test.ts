import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { search } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { attributes, traceql, type Attribute } from "../../telemetry/attributes.ts";
import { privacyModes, type PrivacyMode } from "../../telemetry/privacy.ts";
import { streamLog } from "../../terminal/log.ts";
import { withPlatform } from "../../traffic/live/all.ts";
import { settingsOf } from "../contract/product.ts";
import { e2eFolder, skipWithout, toolsOrSkip } from "./harness.ts";
import { canaries, captures, needleOf, password, sayAll } from "./privacy/canaries.ts";
import { allSeries, allTraces, bytesBelow, places, type PlaceName, type Searched } from "./privacy/found.ts";
import { invented, own, sayInvented } from "./privacy/invented.ts";
import { salt, startGateway, startTee, type Gateway, type Stores } from "./privacy/gateway.ts";

const log = streamLog(process.stderr);

/** Where each canary is found when nothing is taken out. */
const sure: readonly PlaceName[] = ["queue files", "traces by Tempo's API"];

/** Canaries and where each is found, by mode. */
type Table = Readonly<Record<string, readonly PlaceName[]>>;

describe("canaries, driven through the real applications with every capture switched on", () => {
  let guard: Guard;
  const gateways: Gateway[] = [];
  let openWebuiUser = "";
  let began = 0;
  const searched = new Map<PrivacyMode, Searched>();

  before(async function () {
    guard = startGuard();
    const tools = await toolsOrSkip(this, guard, ["tempo", "prometheus", "otelcol-contrib"]);
    const root = e2eFolder("privacy");
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    for (const mode of privacyModes) {
      gateways.push(await startGateway({ mode, root, guard, tools }));
    }
    const backends = await startTee(gateways, { root, guard, tools });
    began = Math.floor(Date.now() / 1000);
    await sayInvented(backends.otlpHttp);
    const applications = startGuard();
    try {
      await skipWithout(this, () =>
        withPlatform(
          {
            guard: applications,
            log,
            folder: sandboxFolder(root),
            backends,
            settings: settingsOf("dev", {
              openobserve: { credentialsSecret: { name: "openobserve-writer" } },
            }),
            more: captures,
          },
          async (platform) => {
            openWebuiUser = await log.step("Saying what nobody may find", 60, () => sayAll(platform));
            await sleep(10_000);
          },
        ),
      );
    } finally {
      await applications.stop();
    }
    for (const gateway of gateways) searched.set(gateway.mode, await searchAll(gateway, began));
  });

  after(async () => {
    gateways.forEach((gateway) => gateway.close());
    await guard?.stop();
  });

  const tableOf = (mode: PrivacyMode): Table =>
    Object.fromEntries(
      Object.entries({ ...canaries, openWebuiUser }).map(([name, canary]) => [
        name,
        places.filter((place) => searched.get(mode)![place].includes(needleOf(canary))),
      ]),
    );

  it("are told place by place", () => {
    for (const mode of privacyModes) {
      for (const [name, found] of Object.entries(tableOf(mode))) {
        log.line(`  ${mode.padEnd(10)} ${name.padEnd(14)} ${found.join(", ") || "nowhere"}`);
      }
    }
  });

  it("are found where nothing is taken out: each in queue files and traces, most in blocks, many in log lines", () => {
    const table = tableOf("off");
    for (const [name, found] of Object.entries(table)) {
      assert.deepEqual(
        found.filter((place) => sure.includes(place)),
        sure,
        name,
      );
    }
    // A long value is compressed: only Tempo can read those.
    const inBlocks = Object.values(table).filter((found) => found.includes("Tempo's blocks and log"));
    assert.ok(inBlocks.length > 12, String(inBlocks.length));
    for (const name of ["prompt", "system", "answer", "email", "name", "path", "openWebuiUser"]) {
      assert.ok(table[name]!.includes("log lines"), name);
    }
  });

  for (const mode of ["strict", "identities"] as const) {
    it(`are found nowhere with ${mode}`, () => {
      assert.deepEqual(
        Object.entries(tableOf(mode)).filter(([, found]) => found.length > 0),
        [],
      );
    });

    it(`leave what an operator needs with ${mode}: models, routes, codes, tokens, classes of errors, lines`, () => {
      const found = searched.get(mode)!;
      for (const text of [
        "ollama_chat/confiding:1b",
        "/v1/chat/completions",
        "InternalServerError",
        attributes.outputTokens.name,
      ]) {
        assert.ok(found["traces by Tempo's API"].includes(text), text);
      }
      for (const text of [
        "Upstream openai-compatible request failed",
        "POST /api/v1/auths/signin 200",
        "InternalServerError",
      ]) {
        assert.ok(found["log lines"].includes(text), text);
      }
    });
  }

  it("find series and their files in every mode, and nothing that a caller chose among them", () => {
    for (const mode of privacyModes) {
      for (const place of ["metrics by Prometheus' API", "Prometheus' data"] as const) {
        const text = searched.get(mode)![place];
        assert.ok(text.includes("confiding"), `${mode}: ${place}`);
        for (const canary of [canaries.model, canaries.path])
          assert.ok(!text.includes(needleOf(canary)), `${mode}: ${place}`);
      }
    }
  });

  it("are followed by what nobody knows yet: it is deleted, and what others call their own stays", () => {
    for (const mode of privacyModes) {
      const traces = searched.get(mode)!["traces by Tempo's API"];
      assert.equal(traces.includes(invented), mode === "off", mode);
      assert.ok(traces.includes(own), mode);
      assert.ok(traces.includes('"kept"'), mode);
    }
  });

  it("find no password in any mode", () => {
    for (const mode of privacyModes) {
      for (const place of places)
        assert.ok(!searched.get(mode)![place].includes(needleOf(password)), `${mode}: ${place}`);
    }
  });

  it("let one user be followed through both applications by a salted hash, with identities alone", async () => {
    const hash = createHash("sha256")
      .update(salt + openWebuiUser)
      .digest("hex")
      .slice(0, 16);
    for (const [mode, { tempo }] of opened) {
      const question = { from: began, to: Date.now() / 1000 + 60, variables: {}, timeoutSeconds: 30 };
      const of = (attribute: Attribute) =>
        search(tempo, `{ ${traceql(attribute)} = "${hash}" }`, question, { limit: 100, spansPerTrace: 1 });
      const found = [await of(attributes.clientId), await of(attributes.userId)];
      assert.deepEqual(
        found.map((traces) => traces.length > 0),
        mode === "identities" ? [true, true] : [false, false],
        mode,
      );
    }
  });

  it("leave none of Open WebUI's idle looks into its database, in any mode", () => {
    for (const mode of privacyModes) {
      const alone = searched
        .get(mode)!
        ["traces by Tempo's API"].split("\n")
        .filter((trace) => {
          const names = [...trace.matchAll(/"name":"([^"]*)","kind"/g)].map(([, name]) => name);
          return names.length > 0 && names.every((name) => name === "connect");
        });
      assert.deepEqual(alone, [], mode);
    }
  });
});

const opened = new Map<PrivacyMode, Stores>();

/** Looks into the queue while the stores are away; opens them; and looks into each of them once all has arrived. */
async function searchAll(gateway: Gateway, began: number): Promise<Searched> {
  const queue = bytesBelow(gateway.queue);
  const stores = await gateway.openStores();
  opened.set(gateway.mode, stores);
  let before = -1;
  const traces = await waitFor(
    `the traces of ${gateway.mode}`,
    180,
    async () => {
      const all = await allTraces(stores, began);
      // By their number: a trace that is being written down is found twice for a moment.
      const { length } = all.split("\n");
      const isAll = all !== "" && length === before;
      before = length;
      return isAll && all;
    },
    { pauseSeconds: 15 },
  );
  await sleep(20_000);
  const series = await allSeries(stores, began);
  await gateway.closePrometheus();
  return {
    "queue files": queue,
    "log lines": readFileSync(gateway.logs, "latin1"),
    "traces by Tempo's API": traces,
    "Tempo's blocks and log": bytesBelow(gateway.data.tempo),
    "metrics by Prometheus' API": series,
    "Prometheus' data": bytesBelow(gateway.data.prometheus),
  };
}
