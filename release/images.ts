import type { Settings } from "../settings.ts";

/**
 * Every image that the stack runs: of each supported line of Tempo the newest release that this version was tried with.
 * A digest stands behind the tag, `…:3.0.3@sha256:…`. Renovate reads these lines (`renovate.json`).
 */
export const images: Readonly<Record<Settings["tempo"]["line"], string>> = {
  "3.0": "docker.io/grafana/tempo:3.0.3",
  "2.10": "docker.io/grafana/tempo:2.10.8",
};

/** Tempo's image under its own name, wherever an environment pulls it from: the setting's, or the line's. */
export const tempoImage = ({ tempo: { line, image } }: Settings): string => image ?? images[line];

/** Tempo's image as an environment pulls it: from its mirror, if it has one. */
export const pulledTempoImage = (settings: Settings): string => {
  const image = tempoImage(settings);
  const { mirror } = settings.images;
  return mirror === undefined ? image : `${mirror}/${withoutRegistry(image)}`;
};

/** A first part is a registry if it cannot be a repository's (`splitDockerDomain` in distribution/reference). */
export const withoutRegistry = (image: string): string => image.replace(/^(localhost|[^/]*[.:][^/]*)\//, "");

/** An image without tag and digest. */
export const repositoryOf = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/]*$/, "");

/** An image without its digest, unless that is all that tells it from others. */
export const withoutDigest = (image: string): string => image.replace(/(:[^/@]+)@.*$/, "$1");

/** The digest that an image is named by. */
export const digestOf = (image: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
