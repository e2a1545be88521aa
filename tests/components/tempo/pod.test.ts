import assert from "node:assert/strict";
import { exportTimeoutSeconds } from "../../../assembly/application-env.ts";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import { environments } from "../../../engine/stack-files.ts";
import { contextOf } from "../../../policy/context.ts";
import { podSecurity } from "../../../policy/pod-security.ts";
import type { KubernetesObject } from "../../../policy/rule.ts";
import { parseQuantity } from "../../../settings/units.ts";
import { jitter, triesAt } from "../../../traffic/exporter.ts";
import { objectOf, run, type Run, type Sections } from "../../program/run.ts";

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly tcpSocket?: { readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Pod {
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly TempoContainer[];
}

interface TempoContainer {
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
  readonly name: string;
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly resources: Readonly<Record<"requests" | "limits", Readonly<Record<string, string>>>>;
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
}

interface Workload {
  readonly replicas: number;
  readonly serviceName: string;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: Pod;
  };
}

const workloadOf = (result: Run) => objectOf(result, "StatefulSet", "tempo").spec as Workload;

const podOf = (result: Run) => workloadOf(result).template.spec;

const amount = (text: string): number => parseQuantity(text)!;

const variants: Readonly<Record<string, Sections>> = {
  "2.10": { tempo: { line: "2.10" } },
  s3: {
    tempo: {
      storage: { backend: "s3", bucket: "b", endpoint: "s3.example.org", credentialsSecret: { name: "s3" } },
    },
  },
  gcs: { tempo: { storage: { backend: "gcs", bucket: "b" } } },
  azure: { tempo: { storage: { backend: "azure", container: "ccc", account: "aaa" } } },
};

const cases: readonly (readonly [string, string, Sections])[] = [
  ...environments().map((environment) => [`in ${environment}`, environment, {}] as const),
  ...Object.entries(variants).map(([variant, sections]) => [`with ${variant}`, "dev", sections] as const),
];

for (const [where, environment, sections] of cases) {
  describe(`Tempo's pod ${where}`, () => {
    let result: Run;
    let pod: Pod;

    before(async () => {
      result = await run(environment, sections);
      pod = podOf(result);
    });

    it("is restricted, with nothing excepted", () => {
      const { settings, kubernetes } = result;
      assert.equal(objectOf(result, "Namespace").metadata.name, settings.namespace.name);
      assert.deepEqual(
        podSecurity.check(kubernetes as unknown as readonly KubernetesObject[], contextOf(settings)),
        [],
      );
    });

    it("has a read-only root, and one writable volume that is kept", () => {
      const [container] = pod.containers;
      assert.equal(
        (container!.securityContext as { readOnlyRootFilesystem?: boolean }).readOnlyRootFilesystem,
        true,
      );
      assert.deepEqual(pod.volumes, [
        {
          name: "config",
          configMap: { name: objectOf(result, "ConfigMap", configName(result)).metadata.name },
        },
        {
          name: "data",
          persistentVolumeClaim: { claimName: objectOf(result, "PersistentVolumeClaim").metadata.name },
        },
      ]);
      assert.deepEqual(container!.volumeMounts, [
        { name: "config", mountPath: "/etc/tempo", readOnly: true },
        { name: "data", mountPath: "/var/tempo" },
      ]);
    });

    it("keeps the marker that a visitor may ask Tempo for where nothing can be written", () => {
      const [container] = pod.containers;
      const config = tempoConfig(tempoArgs(result.settings));
      const places = container!.volumeMounts
        .filter(({ readOnly }) => readOnly)
        .map(({ mountPath }) => mountPath);
      if ("live_store" in config) assert.deepEqual([config.live_store.shutdown_marker_dir], places);
      else assert.equal(result.settings.tempo.line, "2.10");
    });

    it("asks for CPU, memory and scratch space, and has a limit for each that is no less", () => {
      for (const { name, resources } of pod.containers) {
        for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
          const [request, limit] = [resources.requests[resource], resources.limits[resource]];
          assert.ok(request && limit, `${name}: ${resource}`);
          assert.ok(amount(request) <= amount(limit), `${name}: ${resource}`);
        }
      }
    });

    it("tells Go to stay below its memory limit", () => {
      const [container] = pod.containers;
      const limit = container!.env.find(({ name }) => name === "GOMEMLIMIT")!.value!;
      const ratio = Number(limit) / amount(container!.resources.limits["memory"]!);
      assert.ok(ratio > 0.7 && ratio < 0.95, `${ratio}`);
    });

    it("has no token of the API server, in its account neither", () => {
      assert.equal(pod.automountServiceAccountToken, false);
      const account = objectOf(result, "ServiceAccount", "tempo") as {
        automountServiceAccountToken?: boolean;
      };
      assert.equal(account.automountServiceAccountToken, false);
      assert.equal(pod.serviceAccountName, objectOf(result, "ServiceAccount", "tempo").metadata.name);
    });

    it("is not killed for replaying its log: only readiness and start ask /ready", () => {
      const [{ startupProbe, readinessProbe, livenessProbe, ports }] = pod.containers as [
        Pod["containers"][0],
      ];
      assert.equal(startupProbe.httpGet!.path, "/ready");
      assert.equal(readinessProbe.httpGet!.path, "/ready");
      assert.notEqual(livenessProbe.httpGet?.path, "/ready");
      const names = ports.map(({ name }) => name);
      for (const { httpGet, tcpSocket } of [startupProbe, readinessProbe, livenessProbe]) {
        assert.ok(names.includes((httpGet ?? tcpSocket)!.port));
      }
      assert.ok(startupProbe.periodSeconds * startupProbe.failureThreshold >= 120);
    });

    it("is stopped and back before an exporter gives up, with a third of that time for a new pod", () => {
      const patience = triesAt(exportTimeoutSeconds, jitter.least).at(-1)!;
      assert.ok(pod.terminationGracePeriodSeconds <= (2 / 3) * patience, `${patience} s`);
    });

    it("runs alone, in a release of the line that is set, by tag or digest and never latest", () => {
      assert.equal(workloadOf(result).replicas, 1);
      const line = where.includes("2.10") ? "2.10" : "3.0";
      assert.ok(pod.containers[0]!.image.includes(`tempo:${line}.`), pod.containers[0]!.image);
    });
  });
}

describe("Tempo's pod", () => {
  it("takes the image of the settings in place of the line's", async () => {
    const image = "registry.example.org/tempo@sha256:" + "0".repeat(64);
    assert.equal(podOf(await run("dev", { tempo: { image } })).containers[0]!.image, image);
  });

  for (const [what, tempo, image] of [
    ["its line's image", {}, "grafana/tempo:3.0.3"],
    ["the image of the settings", { image: "grafana/tempo:3.0.4" }, "grafana/tempo:3.0.4"],
    [
      "an image of another registry, with its digest",
      { image: `docker.io/grafana/tempo:3.0.4@sha256:${"0".repeat(64)}` },
      `grafana/tempo:3.0.4@sha256:${"0".repeat(64)}`,
    ],
  ] as const) {
    it(`takes ${what} from the mirror that is set`, async () => {
      const result = await run("dev", { tempo, images: { mirror: "registry.example.org:5000/mirror" } });
      assert.equal(podOf(result).containers[0]!.image, `registry.example.org:5000/mirror/${image}`);
    });
  }

  it("carries the label by which Azure gives a workload its identity on Azure storage alone", async () => {
    const label = "azure.workload.identity/use";
    const labelled = [];
    for (const [variant, sections] of Object.entries(variants)) {
      if (workloadOf(await run("dev", sections)).template.metadata.labels[label] === "true")
        labelled.push(variant);
    }
    assert.deepEqual(labelled, ["azure"]);
  });

  it("has the identity that the annotations of its account give it", async () => {
    const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/tempo" };
    const result = await run("dev", { tempo: { serviceAccountAnnotations: annotations } });
    const account = objectOf(result, "ServiceAccount", "tempo").metadata.annotations;
    assert.equal(account["eks.amazonaws.com/role-arn"], "arn:aws:iam::1:role/tempo");
  });
});

describe("Tempo's receivers with TLS", () => {
  const secretName = "tempo-otlp";

  const tlsOf = async (clientCertificates: boolean) => {
    const result = await run("dev", { tempo: { otlpTls: { secretName, clientCertificates } } });
    const { volumes, containers } = podOf(result);
    const volume = volumes.find(({ name }) => name === "tls") as {
      secret: { secretName: string; defaultMode: number; items: { key: string; path: string }[] };
    };
    const mount = containers[0]!.volumeMounts.find(({ name }) => name === "tls");
    const config = objectOf(result, "ConfigMap", configName(result)).data!["tempo.yaml"]!;
    const files = [...config.matchAll(/_file: (\S+)/g)].map(([, file]) => file);
    return { result, secret: volume.secret, mount, files: [...new Set(files)] };
  };

  for (const [clients, clientCertificates, keys] of [
    ["any client", false, ["tls.crt", "tls.key"]],
    ["clients with a certificate", true, ["tls.crt", "tls.key", "ca.crt"]],
  ] as const) {
    it(`read the Secret's files for ${clients}, which its group alone may`, async () => {
      const { secret, mount, files } = await tlsOf(clientCertificates);
      assert.deepEqual(mount, { name: "tls", mountPath: "/etc/otlp-tls", readOnly: true });
      assert.deepEqual(secret, {
        secretName,
        defaultMode: 0o440,
        items: keys.map((key) => ({ key, path: key })),
      });
      assert.deepEqual(
        files,
        keys.map((key) => `/etc/otlp-tls/${key}`),
      );
    });
  }

  it("are no longer announced as HTTP/2 in plain text", async () => {
    const protocolsOf = (result: Run) =>
      (objectOf(result, "Service", "tempo").spec as { ports: { appProtocol?: string }[] }).ports.flatMap(
        ({ appProtocol }) => appProtocol ?? [],
      );
    assert.deepEqual(protocolsOf(await run()), ["kubernetes.io/h2c"]);
    assert.deepEqual(protocolsOf((await tlsOf(false)).result), []);
  });
});

const configName = (result: Run): string =>
  result.kubernetes.find(({ metadata }) => metadata.name.startsWith("tempo-config-"))!.metadata.name;
