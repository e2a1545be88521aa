import type { Manifest } from "./blocks.ts";

/** A question to the Kubernetes API. */
export interface Request {
  readonly verb: string;
  readonly group: string;
  /** Plural, as in its path. */
  readonly resource: string;
  readonly namespace: string;
  /** None when it is about all there are, or about one to be created. */
  readonly name?: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Whether Roles allow a request; a rule for names is none for what has no name yet. */
export const allowed = (roles: readonly Manifest[], { namespace, ...request }: Request): boolean =>
  roles
    .filter(({ kind, metadata }) => kind === "Role" && metadata.namespace === namespace)
    .flatMap(({ rules }) => rules as readonly Rule[])
    .some(
      ({ apiGroups, resources, resourceNames, verbs }) =>
        apiGroups.includes(request.group) &&
        resources.includes(request.resource) &&
        verbs.includes(request.verb) &&
        (resourceNames?.includes(request.name ?? "") ?? true),
    );

/** What an object is asked for by its path; every kind we render has a regular plural. */
export const requestsFor = (object: Manifest, verbs: readonly string[]): Request[] => {
  const { apiVersion, kind, metadata } = object;
  const plural = kind.toLowerCase().replace(/y$/, "ie") + "s";
  return verbs.map((verb) => ({
    verb,
    group: apiVersion.includes("/") ? apiVersion.split("/")[0]! : "",
    resource: plural,
    // A Namespace is asked for within itself.
    namespace: metadata.namespace ?? metadata.name,
    ...(verb !== "create" && { name: metadata.name }),
  }));
};
