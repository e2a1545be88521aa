import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { filled } from "../../clients/ask.ts";
import { getJson, urlBelow } from "../../clients/http.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { applicationMetrics, metricsOfApplications } from "../../telemetry/application-metrics.ts";
import { recorded, recordings } from "../../telemetry/recordings.ts";
import { everything, type PromqlQuery } from "../../telemetry/signals.ts";
import { applicationSignals } from "../../telemetry/signals/application.ts";
import { objectiveSignals } from "../../telemetry/signals/objectives.ts";
import {
  recordedMetrics,
  sentBy,
  takenAt,
  textOf,
  type MetricsExport,
  type RecordedExport,
} from "../../traffic/recorded-metrics.ts";
import { foundLabels, knownLabels } from "./application-metrics/labels.ts";
import { exportOf, observedBetween } from "./application-metrics/observed.ts";
import { startPair, type Pair } from "./application-metrics/pair.ts";
import { expectedPanels, firstTokenPanels } from "./application-metrics/panels.ts";
import { toolsOrSkip } from "./harness.ts";
import { instant, number } from "./values/measure.ts";
import { settingsOf } from "../contract/product.ts";
import { telemetryContext } from "../../assembly/wiring.ts";

const litellm = recordedMetrics("litellm");
const withPeople = recordedMetrics("litellmWithPeople");
const [openWebui] = recordedMetrics("openWebui");
const [everyKind, traffic, second, first, secondAgain, restarted, restartedAgain] = litellm;
const calls = `${applicationMetrics.callSeconds.name}_count`;
const chat = 'litellm_provider_model="ollama_chat/llama3.1:8b",gen_ai_operation_name="chat"';

for (const form of ["classic", "native"] as const) {
  describe(`what the applications measure, in ${form} histograms`, () => {
    let guard: Guard | undefined;
    let root: string;
    let pair: Pair;
    /** When the first export of LiteLLM's was taken, in milliseconds since 1970. */
    const begin = Math.floor(Date.now() / 1000) * 1000 - 600_000;
    const at = (each: { readonly seconds: number } | undefined) => begin + Math.round(each!.seconds * 1000);

    before(async function () {
      guard = startGuard();
      root = mkdtempSync(path.join(tmpdir(), "application-metrics-"));
      const tools = await toolsOrSkip(this, guard, ["otelcol-contrib", "prometheus"]);
      pair = await startPair(
        form,
        root,
        { collector: tools["otelcol-contrib"], prometheus: tools.prometheus },
        guard,
      );
      for (const each of litellm) {
        // A container that is started again has the host's name and number of the one before.
        const again = each === restarted || each === restartedAgain;
        await pair.send(
          takenAt(again ? sentBy(each.request, { "process.pid": numberOf(first!) }) : each.request, at(each)),
        );
      }
      await settle(130);
    });

    after(async () => {
      await guard?.stop();
      if (root) rmSync(root, { recursive: true });
    });

    async function settle(seconds: number): Promise<void> {
      await pair.send(takenAt(openWebui!.request, begin + seconds * 1000));
      await pair.settle(begin / 1000 + seconds);
    }

    it("is kept as far as the contract knows it, with its labels alone", async () => {
      assert.deepEqual(await foundLabels(pair.prometheus), knownLabels(form));
    });

    it("makes as many series as its bounds say", async () => {
      const processes = [traffic!, secondAgain!].flatMap((each) => observedBetween(undefined, each));
      const known = metricsOfApplications(form);
      const expected = processes.filter(isKept).reduce((total, { metric }) => {
        const kept = Object.values(applicationMetrics).find(({ source }) => source === metric);
        const bounds = known.find(({ name }) => name === kept?.name)?.bounds;
        return total + (kept ? (bounds ? bounds.length + 3 : 1) : 0);
      }, 0);
      const found = await number(pair.prometheus, 'count({__name__=~"gen_ai_.*"})', at(secondAgain) / 1000);
      assert.equal(found, expected);
    });

    const signals: Readonly<Record<string, PromqlSignal>> = applicationSignals(optionsOf(form));
    for (const [id, expected] of Object.entries(expectedPanels(form))) {
      it(`shows in ${signals[id]!.title} what LiteLLM's buckets say`, async () => {
        const observed = observedBetween(everyKind, traffic!).filter(isKept);
        const [from, to] = [at(everyKind) - 1, at(traffic)];
        const variables = { environment: "dev", model: everything, interval: `${to - from}ms` };
        for (const [index, { text }] of signals[id]!.queries.entries()) {
          const query = filled(text.replaceAll("$__range", "$interval"), {
            from: from / 1000,
            to: to / 1000,
            variables,
          });
          const isOfPeople = id === "activePeople";
          const found = await instant(pair.prometheus, query, isOfPeople ? begin / 1000 + 130 : to / 1000);
          const lines = Object.fromEntries(
            found
              .filter(({ value }) => !Number.isNaN(value) && value !== 0)
              .map(({ labels, value }) => [lineOf(labels), value]),
          );
          const wanted = withoutZeros(expected[index]!(observed, (to - from) / 1000));
          assert.ok(Object.keys(wanted).length > 0, "nothing is expected");
          assert.deepEqual(Object.keys(lines).sort(), Object.keys(wanted).sort());
          for (const [line, value] of Object.entries(wanted)) {
            const off = Math.abs(lines[line]! / value - 1);
            const allowed = form === "native" && signals[id]!.unit === "s" ? widest(observed) : 0.001;
            assert.ok(off <= allowed, `${line}: ${lines[line]} in place of ${value}`);
          }
        }
      });
    }

    const options = optionsOf(form);
    const objectives = objectiveSignals(options);
    for (const [id, expected] of Object.entries(firstTokenPanels(options.objectives.firstToken!))) {
      const { title, queries } = objectives[id as keyof ReturnType<typeof firstTokenPanels>]!;
      it(`shows in ${title} how many began late by LiteLLM's buckets, without a wait for the recording rules`, async () => {
        const [from, to] = [at(everyKind) - 1, at(traffic)];
        const [[line, wanted]] = Object.entries(
          expected(observedBetween(everyKind, traffic!).filter(isKept)),
        ) as [[string, number]];
        assert.ok(wanted !== 0 && wanted !== 100, "all is late, or nothing");
        const { text } = queries.find(({ legend }) => legend === line)!;
        const variables = { environment: "dev", model: everything, interval: `${to - from}ms` };
        const query = filled(unrecorded(text, options), { from: from / 1000, to: to / 1000, variables });
        const found = await number(pair.prometheus, query, to / 1000);
        assert.ok(Math.abs(found / wanted - 1) < 0.001, `${found} in place of ${wanted}`);
      });
    }

    it("tells processes and pods apart, and goes on with one that was started again", async () => {
      const instances = async (seconds: number): Promise<Record<string, number>> =>
        Object.fromEntries<number>(
          (await instant(pair.prometheus, `${calls}{${chat}}`, seconds)).map(({ labels, value }) => [
            labels["instance"]!,
            value,
          ]),
        );
      assert.deepEqual(await instances(at(secondAgain) / 1000), {
        [`host/${numberOf(first!)}`]: 12,
        [`host/${numberOf(second!)}`]: 2,
      });
      const range = at(restartedAgain) - at(first) + 1;
      const grown = `increase(${calls}{${chat},instance="host/${numberOf(first!)}"}[${range}ms])`;
      assert.ok(Math.abs((await number(pair.prometheus, grown, at(restartedAgain) / 1000)) - 1) < 0.001);
      await pair.send(takenAt(sentBy(secondAgain!.request, { "host.name": "another" }), begin + 131_000));
      await settle(132);
      const another = await instances(begin / 1000 + 132);
      assert.equal(another[`another/${numberOf(second!)}`], 2);
      assert.equal(another[`host/${numberOf(second!)}`], 2);
    });

    it("takes the sender's own id, or else its address, where it names no host and process", async () => {
      const unnamed = { "host.name": null, "process.pid": null };
      const id = "4b6b1a4e-54a5-4b0f-8a8c-3f1d6f6b7d3a";
      await pair.send(
        takenAt(sentBy(first!.request, { ...unnamed, "service.instance.id": id }), begin + 140_000),
      );
      await pair.send(
        takenAt(sentBy(first!.request, { ...unnamed, "service.instance.id": null }), begin + 140_000),
      );
      await settle(141);
      for (const instance of [id, "127.0.0.1"]) {
        const query = `${calls}{${chat},instance="${instance}"}`;
        assert.equal(await number(pair.prometheus, query, begin / 1000 + 141), 12, instance);
      }
    });

    it("adds up what LiteLLM tells apart by users, keys and deployments, and keeps none that cannot be added up", async () => {
      await pair.send(
        takenAt(sentBy(withPeople.at(-1)!.request, { "host.name": "people" }), begin + 150_000),
      );
      await settle(151);
      const observed = observedBetween(undefined, withPeople.at(-1)!);
      const chats = (metric: string) =>
        observed.filter(
          (each) =>
            each.metric === metric && each.model === "ollama_chat/llama3.1:8b" && each.operation === "chat",
        );
      const total = (metric: string) => chats(metric).reduce((sum, { values }) => sum + values.length, 0);
      const { callSeconds, firstTokenSeconds, outputTokenSeconds } = applicationMetrics;
      assert.ok(chats(callSeconds.source).length > 1, "the recording has one user alone");
      const kept = async (series: string) =>
        (await instant(pair.prometheus, `${series}{${chat},instance=~"people/.*"}`, begin / 1000 + 151)).map(
          ({ value }) => value,
        );
      assert.deepEqual(await kept(calls), [total(callSeconds.source)]);
      assert.deepEqual(await kept(`${firstTokenSeconds.name}_count`), [total(firstTokenSeconds.source)]);
      const isClassic = form === "classic";
      const outputTokens = await kept(`${outputTokenSeconds.name}${isClassic ? "_count" : ""}`);
      assert.deepEqual(outputTokens, isClassic ? [total(outputTokenSeconds.source)] : []);
    });

    it("counts first tokens that lie close together, one after the other", async () => {
      const times = Array.from({ length: 30 }, (_, index) => 0.3 + 0.002 * ((7 * index) % 30));
      const taken = (index: number) => begin + 160_000 + 4000 * index;
      for (const [index] of times.entries()) {
        const body = exportOf(times.slice(0, index + 1), applicationMetrics.firstTokenSeconds.source, first!);
        await pair.send(takenAt(sentBy(body, { "host.name": "close" }), taken(index)));
      }
      await settle(300);
      const last = taken(times.length - 1);
      const milliseconds = last - taken(0) + 1;
      const rule = recordings(options).find(({ name }) => name === recorded.begun)!;
      const perSecond = rule.text.replaceAll("[5m]", `[${milliseconds}ms]`);
      const found = ((await number(pair.prometheus, perSecond, last / 1000)) * milliseconds) / 1000;
      assert.ok(Math.abs(found - (times.length - 1)) < 0.01, `${found}`);
    });

    it("leaves on exemplars the ids of trace and span, whatever an SDK tells there", async () => {
      const { request } = traffic!;
      await pair.send(takenAt(telling(sentBy(request, { "host.name": "telling" })), begin + 310_000));
      await settle(311);
      const url = urlBelow(pair.prometheus, "/api/v1/query_exemplars", {
        query: '{instance=~"telling/.*"}',
        start: String(begin / 1000),
        end: String(begin / 1000 + 311),
      });
      const { data } = await getJson<{ data: { exemplars: { labels: object }[] }[] }>("Prometheus", url);
      const labels = data.flatMap(({ exemplars }) => exemplars.flatMap(({ labels }) => Object.keys(labels)));
      assert.deepEqual([...new Set(labels)].sort(), ["span_id", "trace_id"]);
    });
  });
}

/** A question to Prometheus. */
type PromqlSignal = {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly PromqlQuery[];
};

function optionsOf(histograms: "classic" | "native") {
  return {
    environment: "dev",
    namespace: "tracing",
    services: { openWebui: "open-webui", litellm: "litellm" },
    slowRequestSeconds: 30,
    // Some of what was recorded began later than that.
    objectives: telemetryContext(settingsOf("dev", { slo: { firstToken: { under: "3s" } } })).objectives,
    histograms,
    logStream: "default",
    users: false,
  };
}

/** A question to what the rules record, asked of that of which they record it, over the interval. */
const unrecorded = (text: string, options: ReturnType<typeof optionsOf>): string =>
  recordings(options).reduce(
    (query, rule) =>
      query.replace(
        new RegExp(`sum_over_time\\(${rule.name}\\{[^}]*\\}\\[\\w+\\]\\)`),
        () => `(${rule.text.replaceAll("[5m]", "[$interval]")})`,
      ),
    text,
  );

const numberOf = ({ request }: RecordedExport): string =>
  textOf(request.resourceMetrics[0]!.resource.attributes, "process.pid")!;

/** The same export, whose exemplars tell what the metric's attributes leave out. */
const telling = (request: MetricsExport): MetricsExport =>
  JSON.parse(JSON.stringify(request), (key, value: unknown) =>
    key === "exemplars"
      ? (value as object[]).map((exemplar) => ({
          ...exemplar,
          filteredAttributes: [{ key: "user.id", value: { stringValue: "somebody" } }],
        }))
      : value,
  ) as MetricsExport;

/** What LiteLLM names no provider of is kept of embeddings alone. */
const isKept = ({ model, operation }: { readonly model: string; readonly operation: string }): boolean =>
  model.includes("/") || operation === "embeddings";

const lineOf = ({
  litellm_provider_model: model,
  error_type: error,
}: Readonly<Record<string, string>>): string => [model, error].filter(Boolean).join(" ");

const withoutZeros = (lines: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(lines).filter(([, value]) => value !== 0));

/** How far two values of one bucket may be apart, as a share. */
const widest = (observed: readonly { readonly width: number }[]): number =>
  Math.max(...observed.map(({ width }) => width)) - 1;
