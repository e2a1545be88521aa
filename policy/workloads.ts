import { isDeepStrictEqual } from "node:util";
import { ofContainers, podOf } from "./pods.ts";
import { ruleOfObjects, textOf, tree, trees } from "./rule.ts";

/** Kubernetes counts what is requested, and ends what goes over its limit. */
export const resources = ruleOfObjects(
  {
    id: "resources",
    severity: "error",
    protects: "other pods of the node from one that takes all CPU, memory or disk",
    remedy:
      "Give the container a request and a limit of cpu, memory and ephemeral-storage each (tempo.resources, or tempo.roles.<role> where it is distributed; collector.resources).",
  },
  (object) =>
    ofContainers(object, ({ spec, isEphemeral }) =>
      // Kubernetes allows none there.
      isEphemeral
        ? []
        : ["requests", "limits"].flatMap((kind) =>
            ["cpu", "memory", "ephemeral-storage"]
              .filter((name) => !isAmount(tree(tree(spec["resources"])[kind])[name]))
              .map((name) => `no resources.${kind} of ${name}`),
          ),
    ),
);

const isAmount = (value: unknown): boolean =>
  !["", "undefined", "null"].includes(String(value)) && !/^0+\D*$/.test(String(value));

/** A tag can be moved to another image; a digest is the image (kubernetes.io/docs/concepts/containers/images). */
export const imageDigest = ruleOfObjects(
  {
    id: "image-digest",
    severity: "error",
    protects: "what runs from an image that was put behind the same tag",
    remedy:
      "Name a release by its tag; where images.requireDigest is true, by its digest too: in tempo.image and collector.image, behind the tag, as in grafana/tempo:3.0.3@sha256:….",
  },
  (object, { digestsDemanded }) =>
    ofContainers(object, ({ spec }) => {
      const image = textOf(spec["image"]);
      if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
      if (digestsDemanded) {
        return [
          `image ${image} has no digest, which images.requireDigest demands; \`crane digest ${image}\` prints it, ` +
            `and \`docker buildx imagetools inspect ${image}\``,
        ];
      }
      return /:[\w][\w.-]{0,127}$/.test(image) && !image.endsWith(":latest")
        ? []
        : [`image ${image} has no fixed tag`];
    }),
);

/** The three probes ask different things (kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes). */
export const probes = ruleOfObjects(
  {
    id: "probes",
    severity: "error",
    protects: "traces, from a pod that is sent some before it is ready or is killed while it is only busy",
    remedy:
      "Give the container a startup, a readiness and a liveness probe, and let liveness ask something of its own.",
  },
  (object) => {
    if (!podOf(object)?.staysUp) return [];
    return ofContainers(object, ({ spec, staysUp }) => {
      if (!staysUp) return [];
      const missing = ["startupProbe", "readinessProbe", "livenessProbe"].filter(
        (name) => !handlerOf(spec[name]),
      );
      const liveness = handlerOf(spec["livenessProbe"]);
      const same = ["readinessProbe", "startupProbe"].filter(
        (name) => liveness && isDeepStrictEqual(handlerOf(spec[name]), liveness),
      );
      return [
        ...missing.map((name) => `no ${name}`),
        ...same.map((name) => `livenessProbe asks the same as ${name}`),
      ];
    });
  },
);

/** What a probe does, without how often. */
function handlerOf(probe: unknown): unknown {
  const kind = ["httpGet", "tcpSocket", "grpc", "exec"].find((name) => name in tree(probe));
  return kind && { [kind]: tree(probe)[kind] };
}

/** Kubernetes mounts a token of the account unless both say no (kubernetes.io/docs/tasks/configure-pod-container/configure-service-account). */
export const noToken = ruleOfObjects(
  {
    id: "no-token",
    severity: "error",
    protects: "the Kubernetes API from what breaks into a pod",
    remedy:
      "Set automountServiceAccountToken: false on the pod and on its account, and give the pod an account of its own.",
  },
  (object) => {
    if (object.kind === "ServiceAccount") {
      return object["automountServiceAccountToken"] === false
        ? []
        : ["automountServiceAccountToken is not false"];
    }
    const pod = podOf(object)?.spec;
    if (!pod) return [];
    const account = pod["serviceAccountName"];
    const tokens = trees(pod["volumes"]).filter((volume) =>
      trees(tree(volume["projected"])["sources"]).some((source) => "serviceAccountToken" in source),
    );
    return [
      ...(pod["automountServiceAccountToken"] === false ? [] : ["automountServiceAccountToken is not false"]),
      ...(account === undefined || account === "default" ? ["the pod runs as the account default"] : []),
      ...tokens.map(({ name }) => `volume ${String(name)} has a token`),
    ];
  },
);

/** Beyond the standard "restricted" (NSA/CISA Kubernetes Hardening Guide: immutable container file systems). */
export const readOnlyRoot = ruleOfObjects(
  {
    id: "read-only-root",
    severity: "error",
    protects: "the container from a program that is put into it",
    remedy: "Set readOnlyRootFilesystem: true, and mount a volume where the program writes.",
  },
  (object) =>
    ofContainers(object, ({ spec }) =>
      tree(spec["securityContext"])["readOnlyRootFilesystem"] === true
        ? []
        : ["readOnlyRootFilesystem is not true"],
    ),
);
