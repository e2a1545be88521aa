import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { collectorArgs, tempoArgs } from "../../assembly/wiring.ts";
import { certificates, tlsFor } from "../../cli/smoke/options.ts";
import { probe } from "../../cli/smoke/probe.ts";
import { request, urlBelow, type Tls } from "../../clients/http.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { traceById } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
import { collectorConfig } from "../../components/collector/config.ts";
import { remoteWriteEnv } from "../../components/kubernetes/remote-write.ts";
import { queueFolder } from "../../components/collector/ports.ts";
import { tempoConfig } from "../../components/tempo/config.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { collectorOverlay } from "../../sandbox/collector-overlay.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { choosePorts } from "../../sandbox/ports.ts";
import { startService, type Service } from "../../sandbox/service.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { overlay } from "../../sandbox/tempo-overlay.ts";
import {
  collector,
  collectorPortsIn,
  prometheus,
  prometheusFolder,
  tempo,
  tempoPortsIn,
} from "../../sandbox/backend-services.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import { settingsOf } from "../contract/product.ts";
import { makeAuthority, makeCertificate } from "./certificates.ts";
import { measuring } from "./collector-outages/senders.ts";
import { toolsOrSkip } from "./harness.ts";

/** Settings that change the collector's configuration. */
const variants: Readonly<Record<string, Parameters<typeof settingsOf>[1]>> = {
  "another queue": { collector: { queue: { size: "10Gi" } } },
  "logs that have a store": { openobserve: { credentialsSecret: { name: "openobserve-writer" } } },
  "native histograms": { prometheus: { nativeHistograms: true } },
  "users that are followed": { privacy: { mode: "identities", saltSecret: { name: "privacy" } } },
  "everything that applications record": { privacy: { mode: "off", reason: "a test" } },
  "a Prometheus with a password": { prometheus: { credentialsSecret: { name: "remote-write" } } },
  TLS: { tempo: { otlpTls: { secretName: "otlp" } } },
  "TLS of clients with a certificate": {
    tempo: { otlpTls: { secretName: "otlp", clientCertificates: true } },
  },
  "a distributed Tempo": {
    tempo: { mode: "distributed", storage: { backend: "gcs", bucket: "b" } },
    kafka: { address: "kafka.kafka.svc:9092" },
  },
  "names that are no words": {
    applications: { services: { openWebui: 'web.ui "2"', litellm: "llm|proxy*" } },
  },
};

describe("the collector", () => {
  let guard: Guard | undefined;
  let tools: ToolPaths;
  let root: string;

  before(async function () {
    guard = startGuard();
    tools = await toolsOrSkip(this, guard, ["otelcol-contrib", "tempo", "prometheus"]);
    root = mkdtempSync(path.join(tmpdir(), "collector-"));
  });

  after(async () => {
    await guard?.stop();
    if (root) rmSync(root, { recursive: true });
  });

  const at = (...parts: string[]) => path.join(root, ...parts);

  /** What the program says of a configuration, without starting it. */
  const verify = (config: string) => {
    mkdirSync(at("queue"), { recursive: true });
    writeFileSync(at("collector.yaml"), config.replaceAll(queueFolder, at("queue")));
    const { status, stdout, stderr } = spawnSync(
      tools["otelcol-contrib"],
      ["validate", `--config=file:${at("collector.yaml")}`],
      { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" },
    );
    return { status, said: stdout + stderr };
  };

  const taken = { status: 0, said: "" };

  for (const environment of environments()) {
    it(`takes the configuration that is rendered for ${environment}`, () => {
      assert.deepEqual(verify(renderedConfig(environment)), taken);
    });
  }

  for (const [name, sections] of Object.entries(variants)) {
    it(`takes the configuration for ${name}`, () => {
      assert.deepEqual(verify(stringify(collectorConfig(collectorArgs(settingsOf("dev", sections))))), taken);
    });
  }

  it("refuses a key that it does not know, and a condition that is none", () => {
    const config = collectorConfig(collectorArgs(settingsOf("dev", {})));
    assert.match(verify(stringify({ ...config, exporter: {} })).said, /invalid keys: exporter/);
    const filter = { trace_conditions: ["span.nam =="] };
    const broken = { ...config, processors: { ...config.processors, "filter/idle": filter } };
    assert.match(verify(stringify(broken)).said, /filter\/idle: condition has invalid syntax/);
  });

  describe("before several distributors", () => {
    const receivers: Receiver[] = [];
    let balancer: Server;
    let otlp: string;

    before(async () => {
      const folder = sandboxFolder(at("several"));
      const ports = await choosePorts([0, 1, 2, 3].flatMap((replica) => collector(replica).ports));
      balancer = await giveInTurn(() => receivers.map(({ port }) => port));
      const settings = settingsOf("dev", variants["a distributed Tempo"]);
      const config = stringify(collectorConfig(collectorArgs(settings)));
      const start = async (replica: number, tempoUrl: string) => {
        const place = path.join(folder.root, `otel-${replica}`);
        mkdirSync(place, { recursive: true });
        const own = collectorPortsIn(ports, replica);
        const overlaid = collectorOverlay(config, {
          folder: place,
          ports: own,
          prometheusUrl: nowhere,
          tempoUrl,
        });
        writeFileSync(`${place}.yaml`, overlaid);
        await startService(collector(replica), { folder, ports }, guard!, tools);
        return own;
      };
      const { port } = balancer.address() as AddressInfo;
      otlp = `http://127.0.0.1:${(await start(0, `http://127.0.0.1:${port}`)).otlpHttp}`;
      // Their receivers are Tempo's.
      for (const replica of [1, 2, 3]) {
        const own = await start(replica, nowhere);
        receivers.push({ port: own.otlpHttp, metrics: `http://127.0.0.1:${own.metrics}/metrics` });
      }
    });

    after(() => void balancer?.close());

    /** Sends chats, each long enough after the one before to be a batch, and says how many spans each receiver got of them. */
    const shares = async (chats: number): Promise<number[]> => {
      const before = await Promise.all(receivers.map(acceptedSpans));
      let sent = 0;
      for (let chat = 0; chat < chats; chat++) {
        const { trace, payload } = probe({ environment: "dev" });
        sent += trace.spans.length;
        await exportSpans(otlp, payload(), 10);
        await sleep(300);
      }
      return waitFor("all spans", 30, async () => {
        const got = (await Promise.all(receivers.map(acceptedSpans))).map(
          (all, index) => all - before[index]!,
        );
        return got.reduce((sum, each) => sum + each, 0) === sent && got.map((each) => each / sent);
      });
    };

    it("gives each the same, and one that comes later as much as the others", async () => {
      const [third] = receivers.splice(2, 1);
      for (const share of await shares(12)) assert.ok(share > 0.4, `${share} of two`);
      receivers.push(third!);
      for (const share of await shares(15)) assert.ok(share > 0.25, `${share} of three`);
    });
  });

  describe("before a Prometheus with a password", () => {
    const writer = { username: "writer", password: '#0123: "pass" [word]' };
    /** By bcrypt. */
    const hash = "$2b$05$abcdefghijklmnopqrstuuKvsijQOSQf5wq1xC7PT9Ypw9r0FR6v2";
    let url: string;

    before(async () => {
      const folder = sandboxFolder(at("secured"));
      const ports = await choosePorts([...prometheus.ports, ...collector(0).ports]);
      const place = { folder, ports };
      for (const each of [prometheusFolder(folder), path.join(folder.root, "otel-0"), folder.logs]) {
        mkdirSync(each, { recursive: true });
      }
      url = `http://127.0.0.1:${ports["prometheus"]}`;
      const web = path.join(folder.root, "web.yml");
      writeFileSync(path.join(prometheusFolder(folder), "prometheus.yml"), "{}\n");
      writeFileSync(web, stringify({ basic_auth_users: { [writer.username]: hash } }));
      const secured: Service = {
        ...prometheus,
        arguments: (where) => [...prometheus.arguments(where), `--web.config.file=${web}`],
        isHealthy: async () => (await query().catch(() => undefined))?.status === 200,
      };
      const settings = settingsOf("dev", { prometheus: { credentialsSecret: { name: "remote-write" } } });
      writeFileSync(
        path.join(folder.root, "otel-0.yaml"),
        collectorOverlay(stringify(collectorConfig(collectorArgs(settings))), {
          folder: path.join(folder.root, "otel-0"),
          ports: collectorPortsIn(ports, 0),
          tempoUrl: "http://127.0.0.1:9",
          prometheusUrl: url,
        }),
      );
      await startService(secured, place, guard!, tools);
      await startService(collector(0), place, guard!, tools, {
        [remoteWriteEnv.username]: writer.username,
        [remoteWriteEnv.password]: writer.password,
      });
      const sender = measuring("host", [{ otlpHttp: `http://127.0.0.1:${ports["otel-0-http"]}` }], 1);
      await sender.stop();
      assert.deepEqual(sender.failures, []);
    });

    const authorization = `Basic ${Buffer.from(`${writer.username}:${writer.password}`).toString("base64")}`;
    const query = (headers: Record<string, string> = { authorization }) =>
      request("Prometheus", urlBelow(url, "/api/v1/query", { query: 'count({__name__=~"gen_ai_.+"})' }), {
        headers,
      });

    it("writes with the user and the password of its environment, without which it is answered 401", async () => {
      assert.equal((await query({})).status, 401);
      await waitFor("metrics", 30, async () => /"value":\[[\d.]+,"[1-9]/.test((await query()).text));
    });
  });

  describe("with TLS", () => {
    const name = "otel.tracing.svc";
    let otlp: string;
    let api: string;

    before(async () => {
      for (const folder of ["tls", "client", "stranger", "run"]) mkdirSync(at(folder));
      makeAuthority(at("tls"));
      makeCertificate(at("tls"), at("tls"), name, "tempo.tracing.svc", "localhost");
      makeCertificate(at("tls"), at("client"), "litellm");
      makeAuthority(at("stranger"));
      makeCertificate(at("stranger"), at("stranger"), "litellm");
      copyFileSync(at("tls", "ca.crt"), at("client", "ca.crt"));
      const folder = sandboxFolder(at("run"));
      const ports = await choosePorts([...tempo.ports, ...collector(0).ports]);
      const { tempo: shared } = await sandboxSettings();
      const settings = settingsOf("dev", {
        tempo: { ...shared, otlpTls: { secretName: "otlp", clientCertificates: true } },
      });
      const place = { folder, ports };
      mkdirSync(path.join(folder.root, "tempo"), { recursive: true });
      mkdirSync(path.join(folder.root, "otel-0"));
      const tls = { tlsFolder: at("tls") };
      writeFileSync(
        path.join(folder.root, "tempo.yaml"),
        overlay(stringify(tempoConfig(tempoArgs(settings))), {
          ...tls,
          folder: path.join(folder.root, "tempo"),
          ports: tempoPortsIn(ports),
          // Nothing listens there, and nothing is asked of it here.
          prometheusUrl: "http://127.0.0.1:9",
        }),
      );
      writeFileSync(
        path.join(folder.root, "otel-0.yaml"),
        collectorOverlay(stringify(collectorConfig(collectorArgs(settings))), {
          ...tls,
          folder: path.join(folder.root, "otel-0"),
          ports: collectorPortsIn(ports, 0),
          prometheusUrl: "http://127.0.0.1:9",
          tempoUrl: `https://localhost:${ports["otlp-http"]}`,
        }),
      );
      for (const service of [tempo, collector(0)]) await startService(service, place, guard!, tools);
      otlp = `127.0.0.1:${ports["otel-0-http"]}`;
      api = `http://127.0.0.1:${ports["tempo-http"]}`;
    });

    const send = (url: string, tls?: Tls) => {
      const chat = probe({ environment: "dev" });
      const sent = exportSpans(url, chat.payload(), 10, tls && tlsFor(url, tls, name));
      return sent.then(() => chat.trace.id);
    };

    it("takes spans of a client with a certificate of the authority, and gives them to a Tempo that asks for one", async () => {
      const id = await send(`https://${otlp}`, certificates(at("client")));
      await waitFor("the trace", 30, async () => (await traceById(api, id, {})).length > 0);
    });

    it("takes none of a client without a certificate, or with one of another authority, or in plain text", async () => {
      const untrusted = { name: "UserError", reason: "untrusted" };
      const { ca } = certificates(at("client"));
      await assert.rejects(send(`https://${otlp}`, { ca }), untrusted);
      await assert.rejects(send(`https://${otlp}`, { ...certificates(at("stranger")), ca }), untrusted);
      await assert.rejects(send(`http://${otlp}`), { status: 400 });
    });
  });
});

/** A process that takes spans, and where it says how many it took. */
interface Receiver {
  readonly port: number;
  readonly metrics: string;
}

/** Nothing listens there. */
const nowhere = "http://127.0.0.1:9";

/** What a Service is to its pods: each connection is given to one of them, and stays with it. */
async function giveInTurn(ports: () => readonly number[]): Promise<Server> {
  let turn = 0;
  const server = createServer((near) => {
    const all = ports();
    const far = connect(all[turn++ % all.length]!, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function acceptedSpans({ metrics }: Receiver): Promise<number> {
  const text = await (await fetch(metrics)).text();
  const samples = text.matchAll(/^otelcol_receiver_accepted_spans\{.*\} (\S+)$/gm);
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
}

function renderedConfig(environment: string): string {
  const [file, ...others] = globSync(`rendered/${environment}/*-configmap-otel-config-*.yaml`, {
    cwd: projectFolder,
  });
  assert.ok(file && others.length === 0, `one ConfigMap of the collector in rendered/${environment}`);
  const { data } = parse(readFileSync(path.join(projectFolder, file), "utf8")) as {
    data: Record<string, string>;
  };
  return data["collector.yaml"]!;
}
