import { z } from "zod";
import { want } from "./units.ts";
import { mirror } from "./values.ts";

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
      "Refuse an image that is not named by its digest (tempo.image), since a tag can be moved to another.",
    ),
});
