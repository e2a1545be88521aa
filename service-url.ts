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
