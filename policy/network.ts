import { addresses, anyPort, edge, nameOfPods, ofPods, podsOf, stackPods } from "./flows.ts";
import { podOf } from "./pods.ts";
import { isTree, textOf, tree, trees, type Finding, type KubernetesObject, type Rule } from "./rule.ts";

type Tree = Readonly<Record<string, unknown>>;

/**
 * A pod that no policy selects may talk to everyone; traffic that any policy allows is allowed
 * (kubernetes.io/docs/concepts/services-networking/network-policies).
 */
export const defaultDeny: Rule = {
  id: "default-deny",
  severity: "error",
  protects: "Tempo's namespace from traffic that nobody declared, also of pods that others put there",
  remedy:
    "In a namespace of the stack's own, keep a NetworkPolicy that selects all pods and allows nothing, in or out; elsewhere, one that selects each of our pods both ways.",
  judges: "the whole stack",
  check: (objects, { namespace, createsNamespace }) => [
    ...objects
      .filter(({ kind, metadata }) => createsNamespace && kind === "Namespace" && metadata.name === namespace)
      .filter(() => !policiesIn(objects, namespace).some(deniesAll))
      .map((object) => ({ object, found: "no NetworkPolicy in it denies all pods all traffic, in and out" })),
    ...objects
      .filter((object) => isOpen(object, objects))
      .map((object) => ({
        object,
        found: "no NetworkPolicy selects its pods for both Ingress and Egress",
      })),
  ],
};

/** Compares all edges that policies allow with the flows that settings declare. */
export const declaredFlows: Rule = {
  id: "declared-flows",
  severity: "error",
  protects:
    "what Tempo and the collector hold, from whoever has no business with it; and the way of what must arrive",
  remedy:
    "Let the NetworkPolicies allow exactly the flows that settings declare: policy/flows.ts lists them, components/tempo/network.ts and components/collector/network.ts allow them.",
  judges: "the whole stack",
  check: (objects, { namespace, flows }) => {
    const policies = policiesIn(objects, namespace);
    const allowed = policies.flatMap((object) => edgesOf(object).map((edge) => ({ object, edge })));
    const there = new Set(allowed.map(({ edge }) => edge));
    const missing = [...flows].filter((flow) => !there.has(flow));
    const place =
      policies.find((object) => edgesOf(object).length > 0) ?? objects.find((object) => podOf(object));
    return [
      ...allowed
        .filter(({ edge }) => !flows.has(edge))
        .map(({ object, edge }): Finding => ({ object, found: `allows what no setting declares: ${edge}` })),
      ...(place
        ? missing.map((flow) => ({ object: place, found: `does not allow what settings declare: ${flow}` }))
        : []),
    ];
  },
};

const policiesIn = (objects: readonly KubernetesObject[], namespace: string): KubernetesObject[] =>
  objects.filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === namespace);

const specOf = (object: KubernetesObject): Tree => tree(object["spec"]);

function deniesAll(policy: KubernetesObject): boolean {
  const { podSelector, policyTypes, ingress, egress } = specOf(policy);
  return (
    isTree(podSelector) &&
    Object.keys(podSelector).length === 0 &&
    bothWays(policyTypes) &&
    none(ingress) &&
    none(egress)
  );
}

const bothWays = (types: unknown): boolean =>
  ["Ingress", "Egress"].every((type) => Array.isArray(types) && types.includes(type));

const none = (rules: unknown): boolean => trees(rules).length === 0;

/** Whether an object makes pods that some direction is open for. */
function isOpen(object: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  const pod = podOf(object);
  if (!pod) return false;
  const labels = tree(pod.metadata["labels"]);
  const types = policiesIn(objects, object.metadata.namespace ?? "")
    .filter((policy) => selects(specOf(policy)["podSelector"], labels))
    .flatMap((policy) => specOf(policy)["policyTypes"]);
  return !bothWays(types);
}

/** Only by labels: what selects by expressions does not count. */
const selects = (selector: unknown, labels: Tree): boolean =>
  !("matchExpressions" in tree(selector)) &&
  Object.entries(tree(tree(selector)["matchLabels"])).every(([key, value]) => labels[key] === value);

function edgesOf(policy: KubernetesObject): string[] {
  const { podSelector, ingress, egress } = specOf(policy);
  return [
    ...trees(ingress).flatMap(({ from, ports }) => edges("in from", from, ports)),
    ...trees(egress).flatMap(({ to, ports }) => edges("out to", to, ports)),
  ].map((edge) => ofPods(subjectOf(podSelector), edge));
}

/** Whose policy it is: the name of the stack's own pods, with their component if it is only of those; or the selector as it stands. */
function subjectOf(selector: unknown): string {
  const { matchLabels } = tree(selector);
  const name = textOf(tree(matchLabels)["app.kubernetes.io/name"]);
  const component = tree(matchLabels)["app.kubernetes.io/component"];
  const part = component === undefined ? undefined : textOf(component);
  return name && canonical(selector) === canonical({ matchLabels: stackPods(name, part) })
    ? nameOfPods(name, part)
    : canonical(selector);
}

/** A rule without peers allows every peer, and one without ports every port. */
function edges(direction: "in from" | "out to", peers: unknown, ports: unknown): string[] {
  const others = none(peers) ? ["everywhere"] : trees(peers).map(peerOf);
  const doors = none(ports) ? [anyPort] : trees(ports).map(portOf);
  return others.flatMap((other) => doors.map((door) => edge(direction, other, door)));
}

function peerOf({ namespaceSelector, podSelector, ipBlock, ...rest }: Tree): string {
  const name = tree(tree(namespaceSelector)["matchLabels"])["kubernetes.io/metadata.name"];
  const pods = tree(tree(podSelector)["matchLabels"]);
  const known = isTree(ipBlock)
    ? { ipBlock: { cidr: ipBlock["cidr"], ...("except" in ipBlock && { except: ipBlock["except"] }) } }
    : {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        ...(podSelector !== undefined && { podSelector: { matchLabels: pods } }),
      };
  const said = isTree(ipBlock)
    ? addresses(textOf(ipBlock["cidr"]), [ipBlock["except"] ?? []].flat().map(textOf))
    : podsOf(String(name), pods);
  const given = { namespaceSelector, podSelector, ipBlock, ...rest };
  return canonical(known) === canonical(given) ? said : canonical(given);
}

function portOf({ protocol = "TCP", port, endPort, ...rest }: Tree): string {
  const range = endPort === undefined ? textOf(port) : `${textOf(port)}-${textOf(endPort)}`;
  const door = port === undefined ? anyPort : `${textOf(protocol)} ${range}`;
  return Object.keys(rest).length === 0 ? door : canonical({ protocol, port, endPort, ...rest });
}

/** JSON with members in the order of their names. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    isTree(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
