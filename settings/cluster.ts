import { z } from "zod";
import { want } from "./units.ts";
import { text } from "./values.ts";

const rangeWanted = want('an address range such as "169.254.0.0/16" or "10.96.0.10/32"');

const addressRange = z
  .string(rangeWanted)
  .refine((range) => [z.cidrv4(), z.cidrv6()].some((kind) => kind.safeParse(range).success), rangeWanted);

/** The Kubernetes cluster. */
export const cluster = z.strictObject({
  context: text("a kubeconfig context")
    .optional()
    .describe(
      "Context of the kubeconfig. Default: its current one, which an environment with promotion.from refuses.",
    ),
  useCurrentContext: z
    .boolean(want("true or false"))
    .default(false)
    .describe(
      "Lets an environment with promotion.from go without a context: to the kubeconfig's current one, or, in a pod without a " +
        "kubeconfig, to the pod's own cluster.",
    ),
  name: text("a name")
    .optional()
    .describe(
      "Identity of the cluster. Another name means another cluster: all is created anew. Default: environment.",
    ),
  dnsAddresses: z
    .array(addressRange, want("a list of address ranges"))
    .default(["169.254.0.0/16"])
    .describe(
      "Where DNS answers on port 53, besides the pods of kube-system and openshift-dns, for the NetworkPolicy. Default: the " +
        "link-local addresses, at which NodeLocal DNSCache, GKE's Cloud DNS and AKS's LocalDNS listen on each node.",
    ),
});
