import { createHash } from "node:crypto";
import manifest from "../package.json" with { type: "json" };
import { withoutDigest, withoutRegistry } from "./images.ts";
import { stackVersion } from "./version.ts";

/** What environments run, as far as it is the same in all of them. */
export interface Bundle {
  /** Images under their own names. Where they are pulled from, and whether a digest pins them, is the environment's own. */
  readonly images: Readonly<Record<"tempo" | "collector", string>>;
  /** What the program makes of settings that are no environment's, once for each choice that one has. */
  readonly products: readonly Product[];
}

/** What the program makes of one stack's settings, in plain data. */
export interface Product {
  /** Arguments of the providers: how they know a cluster, and what they change in place. */
  readonly providers: object;
  /** Objects in the cluster, in their order: each with its name in the state, and whether Pulumi keeps and protects it. */
  readonly objects: readonly object[];
  /** What Grafana's API is told in place of some of them. */
  readonly grafanaApi: object;
  /** What applications are told. */
  readonly applicationEnv: object;
}

/**
 * Hash of a bundle: two environments with one digest run one bundle.
 *
 * In it is whatever decides what happens in a cluster or a Grafana and is not set in a stack file: the stack's version, the
 * versions of the providers, the images (repository and tag, not the registry; of the digest see `isSameBundle` in
 * `release/version.ts`), and all of a {@link Product}, for both ways of delivery. That includes what no object shows: retention on delete, protection, order,
 * and the providers' options. Not in it is what a stack file sets, the choice of delivery among that, and what becomes of
 * none of these: the tools around the program, its documents, and its tests.
 */
export const bundleDigest = (bundle: Bundle): string =>
  createHash("sha256")
    .update(JSON.stringify(bundleContents(bundle)))
    .digest("hex")
    .slice(0, 16);

/** What {@link bundleDigest} is the hash of. */
export const bundleContents = ({ images, products }: Bundle) => ({
  stackVersion,
  providers: [manifest.dependencies["@pulumi/kubernetes"], manifest.dependencies["@pulumiverse/grafana"]],
  images: Object.values(images).map((image) => withoutDigest(withoutRegistry(image))),
  products,
});
