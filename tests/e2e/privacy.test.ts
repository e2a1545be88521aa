import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { search } from "../../clients/tempo.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { attributes, traceql, type Attribute } from "../../telemetry/attributes.ts";
import { privacyModes, withoutSalt, type PrivacyMode } from "../../telemetry/privacy.ts";
import { streamLog } from "../../terminal/log.ts";
import { withPlatform } from "../../traffic/live/all.ts";
import { settingsOf } from "../contract/product.ts";
import { knownLabels } from "./application-metrics/labels.ts";
import { e2eFolder, skipWithout, toolsOrSkip } from "./harness.ts";
import { canaries, captures, needleOf, password, sayAll } from "./privacy/canaries.ts";
import { bytesBelow, places, type PlaceName } from "./privacy/found.ts";
import { command, invented, own, sayInvented, somebody } from "./privacy/invented.ts";
import { salt, startGateway, type Gateway, type Stores } from "./privacy/gateway.ts";
import { searchAll, type Found } from "./privacy/search.ts";
import { startTee, type Tee } from "./privacy/tee.ts";
import { writeTable } from "./values/record.ts";

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
  let tee: Tee;
  const opened = new Map<PrivacyMode, Stores>();
  const found = new Map<PrivacyMode, Found>();

  before(async function () {
    guard = startGuard();
    const tools = await toolsOrSkip(this, guard, ["tempo", "prometheus", "otelcol-contrib"]);
    const root = e2eFolder("privacy");
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    for (const mode of privacyModes) {
      gateways.push(await startGateway({ mode, root, guard, tools }));
    }
    tee = await startTee(gateways, { root, guard, tools });
    began = Math.floor(Date.now() / 1000);
    await sayInvented(tee.otlpHttp);
    const applications = startGuard();
    try {
      await skipWithout(this, () =>
        withPlatform(
          {
            guard: applications,
            log,
            folder: sandboxFolder(root),
            backends: tee,
            settings: settingsOf("dev", {
              openobserve: { credentialsSecret: { name: "openobserve-writer" } },
            }),
            more: captures,
            hasEveryAttribute: true,
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
    const queues = gateways.map(({ queue }) => bytesBelow(queue));
    for (const gateway of gateways) opened.set(gateway.mode, await gateway.openStores());
    for (const [index, gateway] of gateways.entries())
      found.set(gateway.mode, await searchAll(gateway, opened.get(gateway.mode)!, queues[index]!, began));
  });

  after(async () => {
    tee?.close();
    gateways.forEach((gateway) => gateway.close());
    await guard?.stop();
  });

  const tableOf = (mode: PrivacyMode): Table =>
    Object.fromEntries(
      Object.entries({ ...canaries, openWebuiUser }).map(([name, canary]) => [
        name,
        places.filter((place) => found.get(mode)!.searched[place].includes(needleOf(canary))),
      ]),
    );

  /** Canaries in the metrics that the applications send. */
  const inMetrics = (): string[] => {
    const sent = readFileSync(tee.metrics, "latin1");
    return Object.entries({ ...canaries, openWebuiUser })
      .filter(([, canary]) => sent.includes(needleOf(canary)))
      .map(([name]) => name);
  };

  it("are told place by place", () => {
    const rows = privacyModes.flatMap((mode) =>
      Object.entries(tableOf(mode)).map(([name, places]) => [mode, name, places.join(", ") || "nowhere"]),
    );
    writeTable("privacy", "canaries.md", [
      ["mode", "canary", "where it is found"],
      ...inMetrics().map((name) => ["before the collector", name, "metrics"]),
      ...rows,
    ]);
  });

  it("are found where nothing is taken out: each in queue files and traces, most in blocks, half in log lines", () => {
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
    assert.ok(inBlocks.length > 8, String(inBlocks.length));
    const inLines = Object.keys(table).filter((name) => table[name]!.includes("log lines"));
    const said = ["prompt", "system", "answer", "email", "name", "path", "model", "openWebuiUser"];
    assert.deepEqual(inLines, said);
  });

  for (const mode of ["strict", "identities"] as const) {
    it(`are found nowhere with ${mode}`, () => {
      assert.deepEqual(
        Object.entries(tableOf(mode)).filter(([, found]) => found.length > 0),
        [],
      );
    });

    it(`leave what an operator needs with ${mode}: models, routes, codes, tokens, classes of errors, lines`, () => {
      const { searched } = found.get(mode)!;
      for (const text of [
        "ollama_chat/confiding:1b",
        "/v1/chat/completions",
        "InternalServerError",
        attributes.outputTokens.name,
      ]) {
        assert.ok(searched["traces by Tempo's API"].includes(text), text);
      }
      for (const text of [
        "Upstream openai-compatible request failed",
        "POST /api/v1/auths/signin 200",
        "InternalServerError",
      ]) {
        assert.ok(searched["log lines"].includes(text), text);
      }
    });
  }

  it("are sent in metrics, and are in no series, exemplar or file of Prometheus in any mode", () => {
    const people = ["metadata", "header", "user", "endUser", "email", "openWebuiUser"];
    assert.deepEqual(inMetrics(), people);
    for (const mode of privacyModes) {
      for (const place of ["metrics by Prometheus' API", "Prometheus' data"] as const) {
        assert.ok(found.get(mode)!.searched[place].includes("confiding"), `${mode}: ${place}`);
        const canariesThere = Object.entries(tableOf(mode)).filter(([, places]) => places.includes(place));
        assert.deepEqual(canariesThere, [], `${mode}: ${place}`);
      }
    }
  });

  it("leave what the applications measure, with the labels of the contract alone, in every mode", () => {
    for (const mode of privacyModes) {
      const { labels, measured } = found.get(mode)!;
      assert.deepEqual(labels, knownLabels("classic"), mode);
      for (const [name, value] of Object.entries(measured)) assert.ok(value > 0, `${mode}: ${name}`);
    }
  });

  it("are taken out of what is kept, not lost with it: each mode takes all, and has the spans of the others", () => {
    const { spans, handled } = found.get("off")!;
    assert.ok(spans.length > 300 && handled.accepted.every((count) => count > 100), String(handled.accepted));
    for (const mode of privacyModes) {
      const { spans: theirs, handled: these } = found.get(mode)!;
      assert.deepEqual(these, { accepted: handled.accepted, refused: [0, 0, 0], dropped: [0, 0, 0] }, mode);
      assert.deepEqual(theirs, spans, mode);
    }
  });

  it("are followed by what nobody knows yet: it is deleted, and what others call their own stays", () => {
    for (const mode of privacyModes) {
      const traces = found.get(mode)!.searched["traces by Tempo's API"];
      assert.equal(traces.includes(invented), mode === "off", mode);
      assert.equal(traces.includes(somebody), mode === "off", mode);
      assert.ok(traces.includes(own), mode);
      assert.ok(traces.includes('"kept"'), mode);
    }
  });

  it("find no password in any mode, nor how a process was started", () => {
    for (const mode of privacyModes) {
      for (const place of places) {
        for (const text of [needleOf(password), needleOf(command), "process.command"])
          assert.ok(!found.get(mode)!.searched[place].includes(text), `${mode}: ${text} in ${place}`);
      }
    }
  });

  it("let one user be followed through both applications by a salted hash, with identities alone", async () => {
    const hash = hashOf(salt, openWebuiUser);
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
      const alone = found
        .get(mode)!
        .searched["traces by Tempo's API"].split("\n")
        .filter((trace) => {
          const names = [...trace.matchAll(/"name":"([^"]*)","kind"/g)].map(([, name]) => name);
          return names.length > 0 && names.every((name) => name === "connect");
        });
      assert.deepEqual(alone, [], mode);
    }
  });
});

describe("a salt that is too short", () => {
  let guard: Guard;
  const gateways: Gateway[] = [];

  before(() => void (guard = startGuard()));

  after(async () => {
    gateways.forEach((gateway) => gateway.close());
    await guard.stop();
  });

  for (const short of ["", salt.slice(0, 15)]) {
    it(`of ${short.length} characters makes no hash, and says so in place of the id`, async function () {
      const tools = await toolsOrSkip(this, guard, ["otelcol-contrib"]);
      const root = path.join(e2eFolder("privacy"), `salt-${short.length}`);
      rmSync(root, { recursive: true, force: true });
      const gateway = await startGateway({ mode: "identities", root, guard, tools, saltOf: short });
      gateways.push(gateway);
      await sayInvented(gateway.otlpHttp);
      const queue = bytesBelow(gateway.queue);
      assert.ok(queue.includes(withoutSalt));
      for (const id of [somebody, hashOf(short, somebody)]) assert.ok(!queue.includes(id), id);
    });
  }
});

const hashOf = (salt: string, id: string): string =>
  createHash("sha256")
    .update(salt + id)
    .digest("hex")
    .slice(0, 16);
