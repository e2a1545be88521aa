import assert from "node:assert/strict";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { tempoObjects } from "../../../components/tempo/objects.ts";
import { parseSettings } from "../../../settings.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../../../telemetry/tempo-roles.ts";

type Labels = Readonly<Record<string, string>>;
type Term = Readonly<Record<string, unknown>>;

interface Planned {
  readonly kind: string;
  readonly after?: readonly string[];
  readonly options?: { readonly customTimeouts?: Readonly<Record<"create" | "update", string>> };
  readonly object: {
    readonly metadata: { readonly name: string; readonly annotations: Labels };
    readonly spec: Spec;
  };
}

interface Spec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly podManagementPolicy?: string;
  readonly serviceName?: string;
  readonly maxUnavailable?: number;
  readonly selector: { readonly matchLabels: Labels };
  readonly volumeClaimTemplates?: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly storageClassName?: string; readonly resources: Term };
  }[];
  readonly persistentVolumeClaimRetentionPolicy?: Labels;
  readonly template: {
    readonly metadata: { readonly labels: Labels };
    readonly spec: {
      readonly terminationGracePeriodSeconds: number;
      readonly topologySpreadConstraints: readonly Term[];
      readonly affinity?: Readonly<Record<"podAffinity" | "podAntiAffinity", Preferred>>;
      readonly volumes: readonly (Readonly<Record<"name", string>> & Term)[];
      readonly containers: readonly { readonly args: readonly string[] }[];
    };
  };
}

interface Preferred {
  readonly preferredDuringSchedulingIgnoredDuringExecution: readonly { readonly podAffinityTerm: Term }[];
}

const objectsOf = (sections: { tempo?: object; kafka?: object } = {}) =>
  tempoObjects(
    tempoArgs(
      parseSettings({
        environment: "dev",
        tempo: { mode: "distributed", storage: { backend: "gcs", bucket: "b" }, ...sections.tempo },
        kafka: { address: "kafka.kafka.svc:9092", partitions: 3, ...sections.kafka },
      }),
    ),
  ) as unknown as Readonly<Record<string, Planned>>;

const objects = objectsOf();

/** What a role is to be, in the cluster's words. */
interface Wanted {
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: number;
  readonly graceSeconds: number;
  /** Roles whose workloads are updated before. */
  readonly after: readonly TempoRole[];
  /** By Argo CD's count. */
  readonly wave: number;
  /** What it writes to, and whether that outlives its pod. */
  readonly data: "volume" | "scratch space";
}

const wanted: Readonly<Record<Exclude<TempoRole, "live-store">, Wanted>> = {
  distributor: {
    kind: "Deployment",
    replicas: 2,
    graceSeconds: 30,
    after: ["live-store"],
    wave: 2,
    data: "scratch space",
  },
  "block-builder": {
    kind: "StatefulSet",
    replicas: 3,
    graceSeconds: 60,
    after: [],
    wave: 0,
    data: "scratch space",
  },
  "metrics-generator": {
    kind: "StatefulSet",
    replicas: 3,
    graceSeconds: 60,
    after: [],
    wave: 0,
    data: "scratch space",
  },
  "query-frontend": {
    kind: "Deployment",
    replicas: 2,
    graceSeconds: 15,
    after: ["querier"],
    wave: 1,
    data: "scratch space",
  },
  querier: { kind: "Deployment", replicas: 2, graceSeconds: 15, after: [], wave: 0, data: "scratch space" },
  "backend-scheduler": {
    kind: "StatefulSet",
    replicas: 1,
    graceSeconds: 30,
    after: [],
    wave: 0,
    data: "scratch space",
  },
  "backend-worker": {
    kind: "StatefulSet",
    replicas: 2,
    graceSeconds: 45,
    after: ["backend-scheduler"],
    wave: 1,
    data: "scratch space",
  },
};

/** Each workload by its name, with its role and what it is to be. */
const workloads: readonly (Wanted & { readonly name: string; readonly role: TempoRole })[] = [
  ...Object.entries(wanted).map(([role, each]) => ({
    name: `tempo-${role}`,
    role: role as TempoRole,
    ...each,
  })),
  ...liveStoreZones.map((zone, index) => ({
    name: `tempo-live-store-${zone}`,
    role: "live-store" as const,
    kind: "StatefulSet" as const,
    replicas: 3,
    graceSeconds: 60,
    after: [],
    wave: index,
    data: "volume" as const,
  })),
];

const specOf = (name: string): Spec => objects[name]!.object.spec;
const namesOf = (role: TempoRole) => workloads.filter((each) => each.role === role).map(({ name }) => name);

describe("a distributed Tempo", () => {
  it("has a workload for each role, of live-stores one for each zone, and no other", () => {
    const made = Object.values(objects).filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind));
    assert.deepEqual(
      made.map(({ object }) => object.metadata.name).sort(),
      workloads.map(({ name }) => name).sort(),
    );
  });

  for (const { name, role, kind, replicas, graceSeconds, after, wave, data } of workloads) {
    describe(`has the workload ${name}, which`, () => {
      const planned = objects[name]!;
      const spec = planned.object.spec;
      const pod = spec.template.spec;

      it(`is a ${kind} of ${replicas}, of which none waits for another`, () => {
        assert.deepEqual([planned.kind, spec.replicas], [kind, replicas]);
        assert.equal(spec.podManagementPolicy, kind === "StatefulSet" ? "Parallel" : undefined);
        assert.equal(spec.serviceName, kind === "StatefulSet" ? name : undefined);
      });

      it("is the one role, and live-stores of the one zone", () => {
        const [{ args }] = pod.containers as [{ args: readonly string[] }];
        const zone = /zone-.$/.exec(name)?.[0];
        assert.deepEqual(args.slice(0, -2), [
          `-target=${role}`,
          ...(zone ? [`-live-store.instance-availability-zone=${zone}`] : []),
        ]);
      });

      it(`has ${graceSeconds} s to end, and Pulumi's patience for an update of all, pod after pod`, () => {
        assert.equal(pod.terminationGracePeriodSeconds, graceSeconds);
        assert.equal(spec.minReadySeconds, role === "live-store" ? 15 : undefined);
        const { create, update } = planned.options!.customTimeouts!;
        assert.equal(create, update);
        const many = objectsOf({ kafka: { partitions: 100 } })[name]!;
        const patience = parseInt(many.options!.customTimeouts!.update);
        assert.ok(patience >= many.object.spec.replicas! * (graceSeconds + 120), `${patience} s`);
      });

      it(`is updated after ${after.join() || "no other"}, by Pulumi and Argo CD`, () => {
        const before = planned.after!.filter((each) => workloads.some((workload) => workload.name === each));
        const zones = namesOf(role);
        assert.deepEqual(before, [...zones.slice(0, zones.indexOf(name)), ...after.flatMap(namesOf)]);
        assert.equal(planned.object.metadata.annotations["argocd.argoproj.io/sync-wave"], String(wave));
      });

      it("has a disruption budget of one pod, of all its role's together, if there are several", () => {
        const budget = objects[`tempo-${role}-budget`];
        if (role === "backend-scheduler") return assert.equal(budget, undefined);
        const { maxUnavailable, selector } = budget!.object.spec;
        assert.equal(maxUnavailable, 1);
        for (const each of workloads) {
          const { labels } = specOf(each.name).template.metadata;
          const isCounted = Object.entries(selector.matchLabels).every(
            ([key, value]) => labels[key] === value,
          );
          assert.equal(isCounted, each.role === role, each.name);
        }
      });

      it("spreads over nodes and zones, as far as there are some", () => {
        const keys = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];
        assert.deepEqual(
          pod.topologySpreadConstraints,
          (role === "live-store" ? keys.slice(1) : keys).map((topologyKey) => ({
            topologyKey,
            maxSkew: 1,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: spec.selector,
          })),
        );
      });

      it(`writes to ${data === "volume" ? "a volume of its own" : "its node"}`, () => {
        const scratch = pod.volumes.find((volume) => volume.name === "data");
        assert.equal(scratch === undefined, data === "volume");
        assert.equal(spec.volumeClaimTemplates?.length ?? 0, data === "volume" ? 1 : 0);
        assert.equal(spec.persistentVolumeClaimRetentionPolicy === undefined, data === "scratch space");
      });
    });
  }

  it("keeps live-stores of a zone in one zone of the cluster, and away from the other's, as far as there is room", () => {
    for (const zone of liveStoreZones) {
      const { podAffinity, podAntiAffinity } = specOf(`tempo-live-store-${zone}`).template.spec.affinity!;
      const terms = (of: Preferred) =>
        of.preferredDuringSchedulingIgnoredDuringExecution.map(({ podAffinityTerm }) => podAffinityTerm);
      const [together, ...others] = terms(podAffinity);
      assert.deepEqual(others, []);
      assert.equal(together!["topologyKey"], "topology.kubernetes.io/zone");
      const apart = terms(podAntiAffinity);
      assert.deepEqual(
        apart.map((term) => term["topologyKey"]),
        ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
      );
      for (const each of workloads) {
        const { labels } = specOf(each.name).template.metadata;
        assert.equal(selects(together!, labels), each.name.endsWith(zone), each.name);
        for (const term of apart) {
          assert.equal(
            selects(term, labels),
            each.role === "live-store" && !each.name.endsWith(zone),
            each.name,
          );
        }
      }
    }
  });

  it("gives each live-store a volume of the size that is set, which goes with it", () => {
    const larger = objectsOf({ tempo: { volume: { size: "30Gi", storageClass: "fast" } } });
    for (const name of namesOf("live-store")) {
      const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy } = larger[name]!.object.spec;
      const [{ metadata, spec }] = volumeClaimTemplates as [NonNullable<typeof volumeClaimTemplates>[number]];
      assert.equal(metadata.name, "data");
      assert.equal(spec.storageClassName, "fast");
      assert.deepEqual(spec.resources, { requests: { storage: "30Gi" } });
      assert.deepEqual(persistentVolumeClaimRetentionPolicy, { whenDeleted: "Delete", whenScaled: "Delete" });
    }
  });

  it("has no budget for a single worker, and one for two", () => {
    const withWorkers = (replicas: number) =>
      objectsOf({ tempo: { roles: { "backend-worker": { replicas } } } })["tempo-backend-worker-budget"];
    assert.equal(withWorkers(1), undefined);
    assert.ok(withWorkers(2));
  });

  it("leaves the number of a role that is scaled to an autoscaler, from its replicas on", () => {
    const scaled = objectsOf({ tempo: { roles: { querier: { autoscale: { max: 40, cpu: 60 } } } } });
    assert.ok(!("replicas" in scaled["tempo-querier"]!.object.spec));
    const { kind, object, after } = scaled["tempo-querier-autoscaler"]!;
    assert.equal(kind, "HorizontalPodAutoscaler");
    assert.ok(after!.includes("tempo-querier"));
    assert.deepEqual(object.spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "tempo-querier" },
      minReplicas: 2,
      maxReplicas: 40,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
        },
      ],
    });
    const others = Object.values(scaled).filter((each) => each.kind === "HorizontalPodAutoscaler");
    assert.equal(others.length, 1);
  });

  it("is led to by its Service when the roles that it leads to are there", () => {
    assert.deepEqual(
      objects["service"]!.after!.filter((each) => each in objects && each !== "namespace"),
      ["tempo-distributor", "tempo-query-frontend"],
    );
  });

  it("knows every role", () => {
    assert.deepEqual([...new Set(workloads.map(({ role }) => role))].sort(), [...tempoRoles].sort());
  });
});

/** Whether a term of affinity means pods with these labels. */
function selects(term: Term, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = term["labelSelector"] as {
    matchLabels?: Labels;
    matchExpressions?: readonly { key: string; operator: string; values: readonly string[] }[];
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(
      ({ key, operator, values }) => operator === "NotIn" && !values.includes(labels[key] ?? ""),
    )
  );
}
