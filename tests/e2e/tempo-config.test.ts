import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { tempoArgs } from "../../assembly/wiring.ts";
import { certificates, tlsFor } from "../../cli/smoke/options.ts";
import { probe } from "../../cli/smoke/probe.ts";
import { request, urlBelow, type Tls } from "../../clients/http.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { traceById } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
import { tempoConfig } from "../../components/tempo/config.ts";
import type { PlannedObject } from "../../components/kubernetes/planned.ts";
import { tempoObjects } from "../../components/tempo/objects.ts";
import { configFolder } from "../../components/tempo/ports.ts";
import { workloadsOf } from "../../components/tempo/roles.ts";
import type { TempoConfig } from "../../components/tempo/schema.ts";
import { remoteWriteEnv } from "../../components/kubernetes/remote-write.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import type { RolePod } from "../../sandbox/deployed-roles.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { choosePorts } from "../../sandbox/ports.ts";
import { startService } from "../../sandbox/service.ts";
import type { TempoLine } from "../../sandbox/settings.ts";
import { overlay } from "../../sandbox/tempo-overlay.ts";
import { variablesOf } from "../../sandbox/tempo-role.ts";
import { tempoRoles } from "../../telemetry/tempo-roles.ts";
import { tempo, tempoPortsIn } from "../../sandbox/backend-services.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import { settingsOf } from "../contract/product.ts";
import { makeAuthority, makeCertificate } from "./certificates.ts";
import { itIsSkippedWithout, linesAtHand, tempoOf } from "./tempo-lines.ts";

const s3 = { backend: "s3", bucket: "traces", endpoint: "s3.eu-central-1.amazonaws.com" };

/** Settings that change Tempo's configuration, beside `tempo.line`. */
const variants: Readonly<Record<string, { tempo?: object; [section: string]: object | undefined }>> = {
  "blocks on the volume": {},
  "blocks in S3": { tempo: { storage: { ...s3, region: "eu-central-1" } } },
  "blocks in S3, with keys of a Secret": {
    tempo: { storage: { ...s3, credentialsSecret: { name: "traces-bucket" } } },
  },
  "blocks in MinIO": {
    tempo: { storage: { ...s3, endpoint: "minio:9000", insecure: true, pathStyle: true } },
  },
  "blocks in Google Cloud Storage": { tempo: { storage: { backend: "gcs", bucket: "traces" } } },
  "blocks in Azure": { tempo: { storage: { backend: "azure", container: "traces", account: "acme" } } },
  "TLS for spans": { tempo: { otlpTls: { secretName: "otlp" } } },
  "TLS for spans, of clients with a certificate": {
    tempo: { otlpTls: { secretName: "otlp", clientCertificates: true } },
  },
  "credentials for Prometheus": {
    prometheus: {
      remoteWriteUrl: "https://prometheus.example.org/api/v1/push",
      credentialsSecret: { name: "remote-write" },
    },
  },
  "native histograms": { prometheus: { nativeHistograms: true } },
  "two hours kept, slow models and few series": {
    tempo: { retention: "2h", longestAnswer: "1h", maxActiveSeries: 1000 },
    traffic: { models: 1 },
  },
  "much traffic": {
    tempo: { volume: { size: "500Ti" }, storage: s3 },
    traffic: { requestsPerMinute: 6_000_000, spansPerRequest: 200, bytesPerSpan: 1000 },
  },
  "names that are no words": {
    cluster: { name: 'eu-1: "prod" #2' },
    applications: { services: { openWebui: 'web.ui "2"', litellm: "llm|proxy*" } },
  },
};

/** Sections that change the configuration of a distributed Tempo. */
const distributedVariants: Readonly<
  Record<string, Record<"tempo" | "kafka", object> & Record<string, object>>
> = {
  "blocks in S3": { tempo: { storage: s3 }, kafka: {} },
  "blocks in S3, with keys of a Secret, and a Kafka that asks who comes": {
    tempo: { storage: { ...s3, credentialsSecret: { name: "traces-bucket" } } },
    kafka: { credentialsSecret: { name: "kafka" }, partitions: 7 },
  },
  "blocks in Google Cloud Storage, and TLS for spans": {
    tempo: {
      storage: { backend: "gcs", bucket: "traces" },
      otlpTls: { secretName: "otlp", clientCertificates: true },
    },
    kafka: {},
  },
  "blocks in Azure, native histograms and credentials for Prometheus": {
    tempo: { storage: { backend: "azure", container: "traces", account: "acme" } },
    kafka: {},
    prometheus: {
      remoteWriteUrl: "https://prometheus.example.org/api/v1/push",
      credentialsSecret: { name: "remote-write" },
      nativeHistograms: true,
    },
  },
};

for (const line of ["3.0", "2.10"] as const satisfies readonly TempoLine[]) {
  describe(`Tempo of line ${line}`, () => {
    let guard: Guard | undefined;
    let binary: string;
    let root: string;

    itIsSkippedWithout(line, linesAtHand);
    if (!linesAtHand.has(line)) return;

    before(async function () {
      guard = startGuard();
      binary = await tempoOf(line, this, guard);
      root = mkdtempSync(path.join(tmpdir(), "tempo-config-"));
    });

    after(async () => {
      await guard?.stop();
      if (root) rmSync(root, { recursive: true });
    });

    /** What the program says, started as its pod starts it, but to verify its configuration alone. */
    const verify = (config: string, pod?: Pick<RolePod, "arguments" | "environment">) => {
      const folder = sandboxFolder(root);
      const file = path.join(folder.root, "tempo.yaml");
      writeFileSync(file, config);
      const flags = pod?.arguments.map((word) => word.replace(`${configFolder}/tempo.yaml`, file));
      const variables = pod
        ? variablesOf({ name: "tempo-0", namespace: "tracing", ...pod }, "10.0.0.7")
        : Object.fromEntries(Object.values(remoteWriteEnv).map((name) => [name, "sample"]));
      const words = [...(flags ?? tempo.arguments({ folder, ports: {} })), "-config.verify=true"];
      const { status, signal, stdout, stderr } = spawnSync(binary, words, {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], ...variables },
        timeout: 20_000,
        killSignal: "SIGKILL",
      });
      return { status, signal, said: stdout + stderr };
    };

    const taken = { status: 0, signal: null, said: "" };

    for (const environment of environments().filter((name) => settingsOf(name).tempo.line === line)) {
      it(`takes the configuration that is rendered for ${environment}`, () => {
        assert.deepEqual(verify(renderedConfig(environment)), taken);
      });
    }

    for (const [name, { tempo, ...others }] of Object.entries(variants)) {
      it(`takes the configuration for ${name}`, () => {
        const settings = settingsOf("dev", { ...others, tempo: { ...tempo, line } });
        assert.deepEqual(verify(stringify(tempoConfig(tempoArgs(settings)))), taken);
      });
    }

    // Only by 3.0. What is started as which role, `-config.verify` does not ask: tests/e2e/distributed.test.ts does.
    if (line === "3.0") {
      for (const [name, { tempo, kafka, ...others }] of Object.entries(distributedVariants)) {
        it(`takes it in the pod of each role, with the pod's flags and variables, for ${name}`, () => {
          const args = tempoArgs(
            settingsOf("dev", {
              ...others,
              tempo: { ...tempo, mode: "distributed" },
              kafka: { address: "kafka.kafka.svc:9092", ...kafka },
            }),
          );
          const pods = podsIn(tempoObjects(args));
          assert.equal(pods.length, tempoRoles.flatMap(workloadsOf).length);
          const config = stringify(tempoConfig(args));
          for (const pod of pods) assert.deepEqual({ ...verify(config, pod), pod }, { ...taken, pod });
        });
      }
    }

    describe("with TLS", () => {
      const name = "tempo.tracing.svc";
      const at = (...parts: string[]) => path.join(root, ...parts);
      let otlp: string;
      let api: string;
      let config: TempoConfig;

      before(async () => {
        for (const folder of ["tls", "client", "stranger", "run"]) mkdirSync(at(folder));
        makeAuthority(at("tls"));
        makeCertificate(at("tls"), at("tls"), name);
        makeCertificate(at("tls"), at("client"), "litellm");
        makeAuthority(at("stranger"));
        makeCertificate(at("stranger"), at("stranger"), "litellm");
        copyFileSync(at("tls", "ca.crt"), at("client", "ca.crt"));
        const ports = await choosePorts(tempo.ports);
        const { tempo: settings } = variants["TLS for spans, of clients with a certificate"]!;
        config = tempoConfig(tempoArgs(settingsOf("dev", { tempo: { ...settings, line } })));
        const place = sandboxFolder(at("run"));
        mkdirSync(path.join(place.root, "tempo"), { recursive: true });
        writeFileSync(
          path.join(place.root, "tempo.yaml"),
          overlay(stringify(config), {
            folder: path.join(place.root, "tempo"),
            ports: tempoPortsIn(ports),
            // Nothing listens there, and nothing is asked of it here.
            prometheusUrl: "http://127.0.0.1:9",
            tlsFolder: at("tls"),
          }),
        );
        await startService(tempo, { folder: place, ports }, guard!, { tempo: binary } as ToolPaths);
        otlp = `127.0.0.1:${ports["otlp-http"]}`;
        api = `http://127.0.0.1:${ports["tempo-http"]}`;
      });

      const send = (url: string, tls?: Tls) => {
        const chat = probe({ environment: "dev" });
        const sent = exportSpans(url, chat.payload(), 10, tls && tlsFor(url, tls, name));
        return sent.then(() => chat.trace.id);
      };

      it("takes spans of a client with a certificate of the authority", async () => {
        const id = await send(`https://${otlp}`, certificates(at("client")));
        await waitFor("the trace", 30, async () => (await traceById(api, id, {})).length > 0);
      });

      const untrusted = { name: "UserError", reason: "untrusted" };

      it("takes none of a client without a certificate, or with one of another authority", async () => {
        const { ca } = certificates(at("client"));
        await assert.rejects(send(`https://${otlp}`, { ca }), untrusted);
        await assert.rejects(send(`https://${otlp}`, { ...certificates(at("stranger")), ca }), untrusted);
      });

      it("answers a search for as many traces as Grafana asks for, and refuses one for so many that it would take all memory", async () => {
        const limit = config.query_frontend.search.max_result_limit;
        const search = (limit: number) =>
          request("Tempo", urlBelow(api, "/api/search", { q: "{ }", limit: String(limit) }));
        assert.equal((await search(500)).status, 200);
        assert.equal((await search(limit)).status, 200);
        const { status, text } = await search(limit + 1);
        assert.deepEqual([status, text.trim()], [400, `limit ${limit + 1} exceeds max limit ${limit}`]);
      });

      it("takes none in plain text", async () => {
        await assert.rejects(send(`http://${otlp}`), { status: 400 });
      });

      it("is sent none by a client that does not know its authority, or for another name", async () => {
        const client = certificates(at("client"));
        const { ca } = certificates(at("stranger"));
        await assert.rejects(send(`https://${otlp}`, { ...client, ca }), untrusted);
        await assert.rejects(
          exportSpans(`https://${otlp}`, probe({ environment: "dev" }).payload(), 10, client),
          untrusted,
        );
      });
    });

    it("refuses a key that it does not know", () => {
      const settings = settingsOf("dev", { tempo: { line } });
      const { status, said } = verify(stringify({ ...tempoConfig(tempoArgs(settings)), live_stor: {} }));
      assert.equal(status, 1);
      assert.match(said, /live_stor/);
    });
  });
}

/** The pods that run a role, as far as a process can be one. */
const podsIn = (objects: Readonly<Record<string, PlannedObject>>) =>
  Object.values(objects).flatMap(({ object }) => {
    const { spec } = object as {
      spec?: { template?: { spec: { containers: { args: string[]; env: RolePod["environment"] }[] } } };
    };
    return (spec?.template?.spec.containers ?? []).map(({ args, env }) => ({
      arguments: args,
      environment: env,
    }));
  });

function renderedConfig(environment: string): string {
  const [file, ...others] = globSync(`rendered/${environment}/*-configmap-tempo-config-*.yaml`, {
    cwd: projectFolder,
  });
  assert.ok(file && others.length === 0, `one ConfigMap of Tempo in rendered/${environment}`);
  const { data } = parse(readFileSync(path.join(projectFolder, file), "utf8")) as {
    data: Record<string, string>;
  };
  return data["tempo.yaml"]!;
}
