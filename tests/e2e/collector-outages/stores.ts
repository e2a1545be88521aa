import type { Kind } from "../../../components/collector/schema.ts";
import { gracePeriodSeconds as collectorGrace } from "../../../components/collector/statefulset.ts";
import { gracePeriodSeconds as tempoGrace } from "../../../components/tempo/pod.ts";
import { prometheus, tempo } from "../../../sandbox/backend-services.ts";
import { endBackend, startAgain } from "../restart/kubelet.ts";
import { rigPair, type Rig } from "./rig.ts";

/** A store of a rig that may be away. */
export interface Store {
  readonly name: string;
  /** What it takes. */
  readonly kind: Kind;
  end(rig: Rig): Promise<void>;
  /** Begins again with what it had. */
  start(rig: Rig): Promise<void>;
}

/** All that a collector hands on to. */
export const stores: readonly Store[] = [
  {
    name: "Tempo",
    kind: "traces",
    end: ({ pair }) => endBackend(pair, rigPair, tempo, tempoGrace),
    start: ({ pair }) => startAgain(pair, rigPair, tempo),
  },
  {
    name: "Prometheus",
    kind: "metrics",
    end: ({ pair }) => endBackend(pair, rigPair, prometheus, collectorGrace),
    start: ({ pair }) => startAgain(pair, rigPair, prometheus),
  },
  {
    name: "OpenObserve",
    kind: "logs",
    end: ({ openobserve }) => openobserve.end(),
    start: ({ openobserve }) => openobserve.start(),
  },
];
