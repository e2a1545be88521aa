import assert from "node:assert/strict";
import { images } from "../../../release/images.ts";
import type { Files } from "../../../cli/diff/snapshot.ts";
import { stackVersion } from "../../../release/version.ts";
import { committed, edited, everywhere, report, said, withTempo, put, type Edit } from "./trees.ts";

const all = everywhere.join();
const count = [...committed.keys()].filter((path) => path.startsWith("rendered/staging/")).length;

describe("diff of Kubernetes objects", () => {
  const cases: readonly [what: string, file: RegExp, edit: Edit, line: string][] = [
    [
      "a label",
      /service-tempo\.yaml/,
      put("metadata.labels.team", "ai"),
      'added | Service tracing/tempo | metadata.labels.team | - → "ai" | in place',
    ],
    [
      "a port, matched by name",
      /service-tempo\.yaml/,
      put("spec.ports.0", undefined),
      'removed | Service tracing/tempo | spec.ports[http] | {"name":"http","port":3200,"targetPort":"http"} → - | in place',
    ],
    [
      "a Service's address",
      /service-tempo-headless/,
      put("spec.clusterIP", "10.0.0.9"),
      'changed | Service tracing/tempo-headless | spec.clusterIP | "None" → "10.0.0.9" | replaced',
    ],
    [
      "the image",
      /statefulset-tempo/,
      put("spec.template.spec.containers.0.image", "docker.io/grafana/tempo:99"),
      `changed | StatefulSet tracing/tempo | spec.template.spec.containers[tempo].image | "${images["3.0"]}" → "docker.io/grafana/tempo:99" | Tempo restarts`,
    ],
    [
      "the collector's pods",
      /statefulset-otel/,
      put("spec.template.spec.dnsPolicy", "Default"),
      'added | StatefulSet tracing/otel | spec.template.spec.dnsPolicy | - → "Default" | collectors restart',
    ],
    [
      "what of the collector cannot be changed",
      /statefulset-otel/,
      put("spec.podManagementPolicy", "OrderedReady"),
      'changed | StatefulSet tracing/otel | spec.podManagementPolicy | "Parallel" → "OrderedReady" | replaced',
    ],
    [
      "the registry alone",
      /statefulset-tempo/,
      put("spec.template.spec.containers.0.image", "registry.example.org/mirror/grafana/tempo:3.0.3"),
      `changed | StatefulSet tracing/tempo | spec.template.spec.containers[tempo].image | "${images["3.0"]}" → "registry.example.org/mirror/grafana/tempo:3.0.3" | Tempo restarts`,
    ],
    [
      "the image's digest alone",
      /statefulset-tempo/,
      put("spec.template.spec.containers.0.image", `${images["3.0"]}@sha256:${"a".repeat(64)}`),
      `changed | StatefulSet tracing/tempo | spec.template.spec.containers[tempo].image | "${images["3.0"]}" → "${images["3.0"]}@sha256:${"a".repeat(64)}" | Tempo restarts`,
    ],
    [
      "an annotation of the StatefulSet, not of its pod",
      /statefulset-tempo/,
      put("metadata.annotations.team", "ai"),
      'added | StatefulSet tracing/tempo | metadata.annotations.team | - → "ai" | in place',
    ],
    [
      "the pods' selector",
      /statefulset-tempo/,
      put("spec.selector.matchLabels.a", "b"),
      'added | StatefulSet tracing/tempo | spec.selector.matchLabels.a | - → "b" | replaced',
    ],
    [
      "another claim",
      /statefulset-tempo/,
      put("spec.template.spec.volumes.1.persistentVolumeClaim.claimName", "other"),
      'changed | StatefulSet tracing/tempo | spec.template.spec.volumes[data].persistentVolumeClaim.claimName | "tempo-data" → "other" | data at risk + Tempo restarts',
    ],
    [
      "a storage class",
      /persistentvolumeclaim/,
      put("spec.storageClassName", "fast"),
      'added | PersistentVolumeClaim tracing/tempo-data | spec.storageClassName | - → "fast" | data at risk + replaced',
    ],
    [
      "a Secret's type",
      /secret/,
      put("type", "Opaque"),
      'added | Secret monitoring/llm-tracing-datasources | type | - → "Opaque" | replaced',
    ],
    [
      "a policy's port, known by its number",
      /networkpolicy-tempo/,
      put("spec.ingress.0.ports.1.port", 9411),
      'removed | NetworkPolicy tracing/tempo | spec.ingress[0].ports[4318] | {"port":4318,"protocol":"TCP"} → - | in place',
    ],
  ];
  for (const [what, file, edit, line] of cases) {
    it(`says what it costs to change ${what}`, () => {
      assert.equal(said(committed, edited(committed, file, edit))[0], `${all} | objects | ${line}`);
    });
  }

  const sizes: readonly [from: string, to: string, cost: string][] = [
    ["10Gi", "20Gi", "in place"],
    ["10Gi", "9.5Gi", "data at risk"],
    ["1Gi", "1G", "data at risk"],
    ["1Gi", "1024Mi", "in place"],
    ["1Ti", "900Gi", "data at risk"],
  ];
  for (const [from, to, cost] of sizes) {
    it(`takes a volume that goes from ${from} to ${to} for ${cost}`, () => {
      const sized = (size: string) =>
        edited(committed, /persistentvolumeclaim/, put("spec.resources.requests.storage", size));
      assert.deepEqual(report(sized(from), sized(to)).changes[0]?.costs, [cost]);
    });
  }

  const without = (file: RegExp): Files => new Map([...committed].filter(([path]) => !file.test(path)));

  for (const [file, subject, cost] of [
    [/persistentvolumeclaim/, "PersistentVolumeClaim tracing/tempo-data", "data at risk"],
    [/namespace-/, "Namespace tracing", "data at risk"],
    [/serviceaccount-tempo/, "ServiceAccount tracing/tempo", "in place"],
    [/statefulset-otel/, "StatefulSet tracing/otel", "collectors restart"],
    [/servicemonitor-otel/, "ServiceMonitor tracing/otel", "in place"],
    [/service-otel\.yaml/, "Service tracing/otel", "in place"],
  ] as const) {
    it(`says that ${subject} is removed (${cost}), or added`, () => {
      assert.deepEqual(said(committed, without(file)), [`${all} | objects | removed | ${subject} | ${cost}`]);
      assert.deepEqual(said(without(file), committed), [`${all} | objects | added | ${subject} | in place`]);
    });
  }

  const template = "spec.volumeClaimTemplates.0.spec";
  const collectors: readonly [what: string, head: Files, note: RegExp | undefined][] = [
    [
      "the collector goes",
      without(/statefulset-otel/),
      /applications must send to Tempo .* stays on their claims/,
    ],
    ["nobody scrapes it", without(/servicemonitor-otel/), /Prometheus no longer scrapes the collectors/],
    ["its Service goes", without(/service-otel\.yaml/), undefined],
    [
      "its queues are to be larger",
      edited(committed, /statefulset-otel/, put(`${template}.resources.requests.storage`, "10Gi")),
      /Claims that are there keep their size/,
    ],
    [
      "its pods lose a field",
      edited(committed, /statefulset-otel/, put("spec.template.spec.affinity", undefined)),
      undefined,
    ],
  ];
  for (const [what, head, note] of collectors) {
    it(`says of the collector what it means that ${what}`, () => {
      const [change, ...others] = report(committed, head).changes;
      assert.deepEqual(others, []);
      if (note) assert.match(change!.note!, note);
      else assert.equal(change!.note, undefined);
    });
  }

  it("says once that the version on every object changes", () => {
    const head = new Map(
      [...committed].map(([path, text]) => [
        path,
        text.replaceAll(`llm-tracing/version: ${stackVersion}`, "llm-tracing/version: 99.0.0"),
      ]),
    );
    assert.deepEqual(said(committed, head), [
      `${all} | objects | changed | ${count} objects | metadata.annotations.llm-tracing/version | "${stackVersion}" → "99.0.0" | in place`,
    ]);
  });

  it("takes another hash in a name for one change that restarts Tempo, and says no more of what refers to it", () => {
    const head = withTempo(committed, () => undefined, "aaaaaaaaaa");
    const lines = said(committed, head);
    assert.equal(lines.length, 3, "one for each environment, whose hashes differ");
    for (const line of lines) {
      assert.match(
        line,
        /\| renamed \| ConfigMap tracing\/tempo-config-a{10} \| "tempo-config-[0-9a-f]{10}" → "tempo-config-a{10}" \| Tempo restarts$/,
      );
    }
  });

  it("says that an environment is new, or gone with its data", () => {
    const one = new Map([...committed].filter(([path]) => !path.includes("staging")));
    assert.deepEqual(said(one, committed), [
      `staging | objects | added | The environment with all ${count} objects | in place`,
    ]);
    assert.deepEqual(said(committed, one), [
      `staging | objects | removed | The environment with all ${count} objects | data at risk`,
    ]);
  });

  it("looks only at the environments it is asked for", () => {
    const head = edited(committed, /service-tempo\.yaml/, put("spec.type", "NodePort"));
    assert.deepEqual(report(committed, head, ["prod"]).changes[0]?.environments, ["prod"]);
    assert.deepEqual(report(committed, head, ["prod"]).environments, ["prod"]);
    assert.throws(() => report(committed, head, ["moon"]), { exitCode: 2, message: /dev, staging, prod\.$/ });
  });
});
