import { liveStoreZones, tempoRoles, type TempoRole } from "./tempo-roles.ts";

/** Which Tempo is meant. */
export interface TempoInstallation {
  /** Namespace that it runs in. */
  readonly namespace: string;
  /**
   * Pods that a distributed Tempo is to have of each role, live-stores of all zones together.
   *
   * @default none: it is one process
   */
  readonly roles?: Readonly<Record<TempoRole, number>>;
}

/** Name of the one pod of Tempo's StatefulSet, by which its series are told from those of others in the namespace. */
const onePod = "tempo-0";

const inNamespace = ({ namespace }: TempoInstallation, label: string, operator: string, value: string) =>
  `namespace=${JSON.stringify(namespace)},${label}${operator}${JSON.stringify(value)}`;

/** Matchers of what is scraped of Tempo; of a distributed one of all its pods, or of those of a role. */
export const tempoTarget = (tempo: TempoInstallation, role?: TempoRole): string =>
  tempo.roles
    ? inNamespace(tempo, "pod", "=~", `tempo-${role ?? `(${tempoRoles.join("|")})`}-.+`)
    : inNamespace(tempo, "pod", "=", onePod);

/** Matchers of the live-stores of a zone. */
export const zoneTarget = (tempo: TempoInstallation, zone: (typeof liveStoreZones)[number]): string =>
  inNamespace(tempo, "pod", "=~", `tempo-live-store-${zone}-.+`);

/** Name of the claim of the volume of a Tempo that is one process. */
export const tempoVolumeClaim = "tempo-data";

/** Matchers of Tempo's volume; of a distributed one those of its live-stores, the only ones that it keeps. */
export const tempoVolume = (tempo: TempoInstallation): string =>
  tempo.roles
    ? inNamespace(
        tempo,
        "persistentvolumeclaim",
        "=~",
        `data-tempo-live-store-(${liveStoreZones.join("|")})-[0-9]+`,
      )
    : inNamespace(tempo, "persistentvolumeclaim", "=", tempoVolumeClaim);
