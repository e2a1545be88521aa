import { BlockList, isIP } from "node:net";

/**
 * The namespace in a Service's URL, `http://name.namespace` or `name.namespace.svc…`; undefined when it is no Service's:
 * `https://example.org` is a domain.
 */
export function namespaceOfService(url: string): string | undefined {
  const { hostname, protocol } = new URL(url);
  const [, namespace, ...rest] = hostname.split(".");
  const isService = rest.length === 0 ? protocol === "http:" : rest[0] === "svc";
  return isService ? namespace : undefined;
}

/** The port of an http(s) URL, also where it is the scheme's own. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

/**
 * Addresses that are a node's own: link-local ones, and those at which clouds serve the node's credentials (AWS, Google, Oracle:
 * link-local and `fd00:ec2::/32`, `fd20:ce::254`; Alibaba: 100.100.100.200; Azure, beside its link-local one: 168.63.129.16).
 */
export const nodeAddresses = {
  ipv4: ["100.100.100.200/32", "168.63.129.16/32", "169.254.0.0/16"],
  ipv6: ["fd00:ec2::/32", "fd20:ce::254/128", "fe80::/10"],
} as const;

const ofNode = new BlockList();
for (const family of ["ipv4", "ipv6"] as const) {
  for (const range of nodeAddresses[family]) {
    const [address, length] = range.split("/");
    ofNode.addSubnet(address!, Number(length), family);
  }
}

/** Whether the host of a URL is one of {@link nodeAddresses}. */
export function isOfNode(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  return isIP(address) > 0 && ofNode.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
