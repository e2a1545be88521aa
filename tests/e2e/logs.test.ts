import assert from "node:assert/strict";
import { ask } from "../../clients/ask.ts";
import { searchLogs, type LogLine } from "../../clients/openobserve.ts";
import { traceById } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
import { recordedTrace } from "../../cli/record/trace.ts";
import { startGuard } from "../../processes/guard.ts";
import { startOpenObserve, type OpenObserve } from "../../sandbox/openobserve/server.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { logsOfFoundTrace, logsOfSpan, logsOfWholeTrace } from "../../telemetry/signals.ts";
import { streamLog } from "../../terminal/log.ts";
import { casesOf, drive, withPlatform } from "../../traffic/live/all.ts";
import { userAgentOf } from "../../traffic/live/client.ts";
import { recordedLines } from "../../traffic/recorded-logs.ts";
import type { RecordedSpan } from "../../traffic/recorded.ts";
import { settingsOf } from "../contract/product.ts";
import { openTestCluster, skipWithout, type TestCluster } from "./harness.ts";
import { sendLine } from "./logs/lines.ts";
import { deploy } from "./values/run.ts";

const sections = { openobserve: { stream: "chat", credentialsSecret: { name: "openobserve-writer" } } };
const authorization = `Basic ${Buffer.from("writer@example.org:passcode").toString("base64")}`;

/** What is driven, by whose spans are looked for. */
const good = "chat-browser";
const failed = "chat-boom";
const refused = "chat-unknown-model";
const withoutKey = "no-key-401";
const wanted = [good, failed, refused, withoutKey];

const exporter = 'exporter="otlp_http/openobserve"';

describe("logs", () => {
  let cluster: TestCluster | undefined;
  let openobserve: OpenObserve;
  let backends: Backends;
  let begin: number;
  const traces = new Map<string, RecordedSpan[]>();

  before(async function () {
    cluster = await openTestCluster(this, "logs", backendPrograms);
    await deploy(cluster, "30s", sections);
    openobserve = await startOpenObserve({ authorization });
    backends = await cluster.startBackends("deployed", {}, openobserve);
    begin = Date.now();
    await skipWithout(this, () => driveAll());
  });

  after(async () => {
    await openobserve?.close();
    await cluster?.close();
  });

  /** Drives the cases with the real applications, and waits for their traces and lines. */
  async function driveAll(): Promise<void> {
    // The applications end before the test cluster does, and send what they still have.
    const guard = startGuard();
    const { folder } = cluster!.sandbox;
    const settings = settingsOf("dev", sections);
    try {
      await withPlatform(
        { guard, log: streamLog(process.stderr), folder, backends, settings },
        async (platform) => {
          const { litellm, openWebui } = await casesOf(platform);
          await drive(
            platform,
            [...openWebui, ...litellm].filter(({ name }) => wanted.includes(name)),
          );
          for (const name of wanted) {
            traces.set(name, await traceOf(name));
            await waitFor(`the lines of ${name}`, 60, async () => {
              const found = ofThisCase(loggersOf(await whole(name)));
              return found.length >= ofThisCase(recordedLoggersOf(name)).length || undefined;
            });
          }
        },
      );
    } finally {
      await guard.stop();
    }
  }

  const traceOf = (name: string): Promise<RecordedSpan[]> =>
    waitFor(`the trace of ${name}`, 90, async () => {
      const text = `{ span.user_agent.original = ${JSON.stringify(userAgentOf(name))} }`;
      const query = { language: "traceql", text, limit: 10, spansPerTrace: 1 } as const;
      const answer = await ask(query, backends, {
        from: begin / 1000,
        to: Date.now() / 1000 + 60,
        variables: {},
      });
      const [found] = answer.kind === "traces" ? answer.traces : [];
      return found && recordedTrace(await traceById(backends.tempo, found.traceID, {}));
    });

  const idOf = (name: string): string => traces.get(name)![0]!.traceId;

  const reader = () => ({ url: openobserve.url, organization: "default", authorization });

  /** Asks over the whole test, or over a span's time, as Grafana fills the query in. */
  function lines(
    sql: string,
    values: Readonly<Record<string, string>>,
    range = { from: begin, to: Date.now() },
  ) {
    const filled = sql.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name]!);
    return searchLogs(reader(), filled, range);
  }

  const whole = (name: string): Promise<LogLine[]> =>
    lines(logsOfWholeTrace("chat"), { traceID: idOf(name) });

  /** Whose lines they are, and of what severity. */
  const loggersOf = (found: readonly LogLine[]): string[] =>
    found.map((line) =>
      [line["service_name"], line["instrumentation_library_name"], line["severity"]].join(" "),
    );

  const recordedLoggersOf = (name: string): string[] =>
    recordedLines(name).map(({ service, logger, severityText }) =>
      [service, logger, severityText || "WARN"].join(" "),
    );

  /** Without Open WebUI's connections, which it makes once. */
  const ofThisCase = (loggers: readonly string[]): string[] =>
    loggers.filter((each) => !each.includes("open_webui.utils.session_pool"));

  const valuesOf = (found: readonly LogLine[], field: string) =>
    [...new Set(found.map((line) => line[field]))].sort();

  describe("of the real applications", () => {
    for (const name of [good, failed]) {
      it(`are found by the button for a trace: both services' lines of ${name}`, async () => {
        const found = await whole(name);
        assert.deepEqual(valuesOf(found, "service_name"), ["litellm", "open-webui"]);
        assert.deepEqual(valuesOf(found, "trace_id"), [idOf(name)]);
        assert.deepEqual(valuesOf(found, "deployment_environment"), ["dev"]);
      });

      it(`are found by the button for a span, in exactly its time and of its service alone: ${name}`, async () => {
        const span = traces
          .get(name)!
          .find(({ kind, resource }) => kind === "server" && resource["service.name"]!.value === "litellm")!;
        const range = { from: Number(span.startTimeUnixNano) / 1e6, to: Number(span.endTimeUnixNano) / 1e6 };
        const found = await lines(
          logsOfSpan("chat"),
          { traceID: span.traceId, serviceName: "litellm" },
          range,
        );
        assert.ok(found.length > 0);
        assert.deepEqual(valuesOf(found, "service_name"), ["litellm"]);
        for (const line of found) {
          assert.ok(
            Number(line["_timestamp"]) / 1000 >= range.from && Number(line["_timestamp"]) / 1000 <= range.to,
          );
        }
      });

      it(`fill the row of logs, by an id whose leading zeros are gone: ${name}`, async () => {
        const found = await lines(logsOfFoundTrace("chat", idOf(name).replace(/^0+|^./, "")), {});
        assert.equal(found.length, (await whole(name)).length);
        for (const line of found) {
          assert.deepEqual(Object.keys(line).sort(), ["_timestamp", "body", "service_name", "severity"]);
          assert.ok(Object.values(line).every((value) => value !== ""));
        }
      });
    }

    it("are what is recorded of them, logger by logger", async () => {
      for (const name of wanted) {
        const found = ofThisCase(loggersOf(await whole(name)));
        assert.deepEqual(found.sort(), ofThisCase(recordedLoggersOf(name)).sort(), name);
      }
    });

    it("fill no row where no trace is chosen", async () => {
      assert.deepEqual(await lines(logsOfFoundTrace("chat", ""), {}), []);
    });

    it("tell of a failed call as an event, and at both applications as errors", async () => {
      const found = await whole(failed);
      const [event, ...others] = found.filter(
        (line) => line["event_name"] === "gen_ai.client.operation.exception",
      );
      assert.deepEqual(others, []);
      assert.equal(event!["exception_type"], "InternalServerError");
      assert.equal(event!["severity"], "WARN");
      const errors = found.filter(({ severity }) => severity === "ERROR");
      assert.deepEqual(valuesOf(errors, "service_name"), ["litellm", "open-webui"]);
    });

    it("tell of a good call without a warning", async () => {
      assert.deepEqual(valuesOf(await whole(good), "severity"), ["INFO"]);
    });

    it("tell of what was refused before any call", async () => {
      assert.deepEqual(valuesOf(await whole(refused), "service_name"), ["open-webui"]);
      assert.deepEqual(valuesOf(await whole(withoutKey), "service_name"), ["litellm"]);
    });

    it("have their level in words and no colours, whoever wrote them", () => {
      const all = openobserve.streams.get("chat")!;
      assert.deepEqual(
        valuesOf(all, "severity").filter(
          (each) => !["DEBUG", "INFO", "WARN", "ERROR"].includes(String(each)),
        ),
        [],
      );
      assert.deepEqual(
        all.filter(({ body }) => String(body).includes("\u001b")),
        [],
      );
    });

    it("went to the stream of the settings alone, and nothing was refused", () => {
      assert.deepEqual([...openobserve.streams.keys()], ["chat"]);
      assert.deepEqual(openobserve.refused, []);
    });
  });

  // After what the applications sent was read: a stand-in that is started again has nothing.
  describe("that OpenObserve does not take", () => {
    const written = (traceId: string): boolean =>
      (openobserve.streams.get("chat") ?? []).some((line) => line["trace_id"] === traceId);

    const counter = async (name: string): Promise<number> => {
      // With the ending that Prometheus asks for, or without.
      const text = `sum({__name__=~"${name}(_total)?", ${exporter}}) or vector(0)`;
      const question = { from: Date.now() / 1000 - 1, to: Date.now() / 1000, variables: {} };
      const answer = await ask({ language: "promql", text } as never, backends, question);
      return answer.kind === "series" ? (answer.series[0]?.points.at(-1)?.[1] ?? 0) : 0;
    };

    it("are gone where the password is wrong, counted as failed, and later ones arrive", async () => {
      const before = await counter("otelcol_exporter_send_failed_log_records");
      openobserve.authorization = "Basic another";
      const lost = await sendLine(backends.otlpHttp, "with a wrong password");
      await waitFor("the refusal", 20, () =>
        Promise.resolve(openobserve.refused.includes("POST /api/default/v1/logs 401")),
      );
      await waitFor(
        "the collector's own count of it",
        60,
        async () => (await counter("otelcol_exporter_send_failed_log_records")) > before,
      );
      openobserve.authorization = authorization;
      const kept = await sendLine(backends.otlpHttp, "with the right one again");
      await waitFor("the line that came after", 20, () => Promise.resolve(written(kept)));
      assert.equal(written(lost), false);
    });

    it("wait on disk where OpenObserve is away, and arrive when it is back", async () => {
      const { port } = new URL(openobserve.url);
      await openobserve.close();
      const waiting: string[] = [];
      for (const body of ["one", "two", "three"]) waiting.push(await sendLine(backends.otlpHttp, body));
      await waitFor(
        "the queue to be seen",
        60,
        async () => (await counter("otelcol_exporter_queue_size")) > 0,
      );
      openobserve = await startOpenObserve({ authorization, port: Number(port) });
      await waitFor("what was queued", 60, () => Promise.resolve(waiting.every(written)));
    });
  });
});
