import { distributedSlackSeconds } from "../../telemetry/generator.ts";
import type { TempoArgs } from "./args.ts";
import { kafkaSection } from "./kafka.ts";
import { podIp, podName } from "./pod.ts";
import { dataFolder, ports } from "./ports.ts";
import { gossipName, roleName } from "./roles.ts";
import type { Tempo30 } from "./schema.ts";

/**
 * The configuration that all roles have: that of a monolith, and how they find each other. A role reads the part that is its own.
 *
 * Keys: docs/sources/tempo/configuration of v3.0.3.
 */
export function distributedConfig(
  monolith: Tempo30,
  {
    namespace,
    externalLabels: { cluster, environment },
    distributed: { kafka },
  }: Pick<TempoArgs, "namespace" | "externalLabels"> & Required<Pick<TempoArgs, "distributed">>,
): Tempo30 {
  const grpcOf = (name: string) => `${name}.${namespace}.svc:${ports.grpc}`;
  return {
    ...monolith,
    server: { ...monolith.server, grpc_listen_port: ports.grpc },
    ingest: kafkaSection(kafka),
    memberlist: {
      advertise_addr: `\${${podIp}}`,
      bind_port: ports.gossip,
      join_members: [`dns+${gossipName}.${namespace}.svc:${ports.gossip}`],
      // The first one finds nobody.
      abort_if_cluster_join_fails: false,
      // Pods' addresses are given again: no other Tempo of the cluster is taken for a member.
      cluster_label: namespace,
    },
    live_store: {
      ...monolith.live_store,
      // Without it live-stores could not be made fewer. Only Prometheus reaches what would leave one there unasked.
      shutdown_marker_dir: `${dataFolder}/live-store/shutdown-marker`,
      // Until it has read what it missed, the other zone answers.
      readiness_target_lag: "5s",
      readiness_max_wait: "2m",
      ring: member,
      partition_ring: {
        kvstore: memberlist,
        // Of 13 h: while a partition that is written to no more has no live-stores and is not forgotten, every question answers 500.
        // Upstream's own (`downscale_delay` in operations/jsonnet); so long is waited before its live-stores go (docs/scale.md).
        delete_inactive_partition_after: "35m",
      },
    },
    // Its name has the partition.
    block_builder: { partitions_per_instance: 1 },
    backend_worker: {
      ...monolith.backend_worker,
      backend_scheduler_addr: grpcOf(roleName("backend-scheduler")),
      ring: member,
    },
    // All addresses of this name, ready or not: a query-frontend is ready when a querier has come.
    querier: { frontend_worker: { frontend_address: grpcOf(roleName("query-frontend")) } },
    metrics_generator: {
      ...monolith.metrics_generator,
      ring: member,
      metrics_ingestion_time_range_slack: `${distributedSlackSeconds / 60}m`,
      // In Kafka's group `metrics-generator`, whose name is fixed: there is one of all Tempos of a Kafka, and of two members with
      // one name the first gets nothing any more (`FENCED_INSTANCE_ID`).
      instance_id: `${cluster}-${environment}-${namespace}-\${${podName}}`,
    },
  };
}

const memberlist = { store: "memberlist" } as const;

const member = { instance_addr: `\${${podIp}}`, kvstore: memberlist } as const;
