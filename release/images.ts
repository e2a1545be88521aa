import type { Settings } from "../settings.ts";

/**
 * Every image that the stack runs: of each supported line of Tempo, and of the collector, the newest release that this
 * version was tried with. A digest stands behind the tag, `…:3.0.3@sha256:…`. Renovate reads these lines (`renovate.json`).
 */
export const images: Readonly<Record<Settings["tempo"]["line"] | "collector", string>> = {
  "3.0": "docker.io/grafana/tempo:3.0.3",
  "2.10": "docker.io/grafana/tempo:2.10.8",
  collector: "docker.io/otel/opentelemetry-collector-contrib:0.159.0",
};

/** Tempo's image under its own name, wherever an environment pulls it from: the setting's, or the line's. */
export const tempoImage = ({ tempo: { line, image } }: Settings): string => image ?? images[line];

/** The collector's image under its own name, whether it runs or not. */
export const collectorImage = ({ collector: { image } }: Settings): string => image ?? images.collector;

/** An image as an environment pulls it: from its mirror, if it has one. */
export const pulled = (image: string, { images: { mirror } }: Pick<Settings, "images">): string =>
  mirror === undefined ? image : `${mirror}/${withoutRegistry(image)}`;

/** A first part is a registry if it cannot be a repository's (`splitDockerDomain` in distribution/reference). */
export const withoutRegistry = (image: string): string => image.replace(/^(localhost|[^/]*[.:][^/]*)\//, "");

/** An image without tag and digest. */
export const repositoryOf = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/]*$/, "");

/** An image without its digest, unless that is all that tells it from others. */
export const withoutDigest = (image: string): string => image.replace(/(:[^/@]+)@.*$/, "$1");

/** The digest that an image is named by. */
export const digestOf = (image: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
