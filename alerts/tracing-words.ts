import type { RuleOptions } from "../telemetry/recordings.ts";
import { tempoVolumeClaim } from "../telemetry/tempo-target.ts";

/** What the alerts about Tempo say where it matters whether it is one process or many. */
export function tempoWords({ roles, namespace }: Pick<RuleOptions, "roles" | "namespace">) {
  return roles ? ofMany(namespace) : ofOne(namespace);
}

const ofOne = (namespace: string) => ({
  restarting: {
    summary: "Tempo restarts again and again.",
    description:
      "Tempo began {{ $value }} times anew within an hour. Each time it takes no spans for about 15 s.",
  },
  unsent: "Tempo keeps what is not sent on its volume, and sends it later.",
  notStored: {
    summary: "Tempo cannot store what it received.",
    then: "Traces pile up on the volume; when that is full, they are lost.",
  },
  notWritten: {
    summary: "Tempo loses every trace that it takes.",
    description:
      '{{ $value | printf "%.0f" }} traces came in within 5 minutes, and Tempo wrote none of them to its volume. It still answers ' +
      "applications with a success, also after there is room again: only a restart mends it.",
  },
  volume: {
    which: `the volume ${tempoVolumeClaim} in ${namespace}`,
    full: "Tempo's volume is full.",
    filling: "Tempo's volume will be full within a day.",
    whenFull: "When it is full, new traces are lost, and applications are not told.",
    then: "then new traces are lost.",
  },
});

const ofMany = (namespace: string): ReturnType<typeof ofOne> => ({
  restarting: {
    summary: "{{ $labels.pod }} restarts again and again.",
    description: "{{ $labels.pod }} began {{ $value }} times anew within an hour.",
  },
  unsent: "{{ $labels.pod }} keeps what is not sent while it lives, and sends it later.",
  notStored: {
    summary: "Live-stores cannot complete what they received.",
    then: "The traces are in Kafka, and block-builders store them; on the live-stores' volumes they pile up.",
  },
  notWritten: {
    summary: "{{ $labels.pod }} writes down nothing of what it reads.",
    description:
      '{{ $labels.pod }} read {{ $value | printf "%.0f" }} traces within 5 minutes, and wrote none of them to its volume. ' +
      "Block-builders store them all the same; the newest ones are found through the other zone alone. Only a restart mends it.",
  },
  volume: {
    which: `the volume {{ $labels.persistentvolumeclaim }} in ${namespace}`,
    full: "The volume of a live-store is full.",
    filling: "The volume of a live-store will be full within a day.",
    whenFull: "When it is full, its live-store finds no new traces; block-builders store them all the same.",
    then: "then its live-store finds no new traces.",
  },
});
