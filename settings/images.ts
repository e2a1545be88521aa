import { z } from "zod";
import { want } from "./units.ts";
import { isHost } from "./addresses.ts";

/** A part of an image's path. */
const pathPart = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
const imagePattern = new RegExp(
  `^([a-zA-Z0-9.-]+(:\\d{1,5})?/)?${pathPart}(/${pathPart})*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$`,
);

const mirrorPattern = new RegExp(`^(localhost|[^/]*[.:][^/]*)(/${pathPart})*$`);

/**
 * An image by tag, digest or both. Without either it would be whatever is newest.
 *
 * Source: distribution/reference, reference.go.
 */
export const image = z
  .string(want("an image reference"))
  .max(500, want("an image reference, at most 500 characters"))
  .regex(imagePattern, want('an image reference such as "registry.example.org/grafana/tempo:3.0.3"'))
  .refine((value) => /:[^/]+$/.test(value), want("an image reference with a tag or a digest"));

/**
 * A registry, and a path in it if any. Its host has a dot, a port or is localhost: else it would be a repository's first
 * part on Docker Hub.
 *
 * Source: `splitDockerDomain` in distribution/reference, normalize.go.
 */
const mirror = z
  .string(want("a registry"))
  .max(200, want("a registry, at most 200 characters"))
  .refine((value) => !value.includes("://"), { ...want("a registry without a scheme"), abort: true })
  .refine((value) => !/@(?!sha256:)/.test(value), {
    ...want("a registry without user and password, which nodes keep, not manifests"),
    abort: true,
  })
  .refine((value) => !/@|\/.*:/.test(value), { ...want("a registry without a tag or digest"), abort: true })
  .refine(
    (value) => mirrorPattern.test(value) && isHost(value.replace(/\/.*$/, "")),
    want('a registry, with a path if any, such as "registry.example.org/mirror"'),
  );

/** Where images come from, and what they are held to. */
export const images = z.strictObject({
  mirror: mirror
    .optional()
    .describe(
      "Registry, with a path if any, that every image is pulled from: with registry.example.org/mirror, " +
        "docker.io/grafana/tempo:3.0.3 is registry.example.org/mirror/grafana/tempo:3.0.3. Default: each image's own.",
    ),
  requireDigest: z
    .boolean(want("true or false"))
    .default(false)
    .describe(
      "Refuse an image that is not named by its digest (tempo.image, collector.image), since a tag can be moved to another.",
    ),
});
