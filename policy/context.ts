import { storageUrl } from "../components/tempo/storage.ts";
import { images, repositoryOf, withoutRegistry } from "../release/images.ts";
import type { Settings } from "../settings.ts";
import { flowsOf } from "./flows.ts";

/** What rules judge objects by, besides the objects. */
export interface Context {
  /** Tempo's namespace. */
  readonly namespace: string;
  /** Whether the stack creates it. */
  readonly createsNamespace: boolean;
  /** Namespace of what Grafana's sidecars load. */
  readonly grafanaNamespace: string;
  /** Namespaces of others, which settings name. */
  readonly foreignNamespaces: readonly string[];
  /** Hosts that objects may name. */
  readonly hosts: ReadonlySet<string>;
  /** Images that pods may run, as they are pulled, without tag and digest. */
  readonly repositories: ReadonlySet<string>;
  /** All traffic there is, each edge as {@link flowsOf} names it. */
  readonly flows: ReadonlySet<string>;
  /** Whether every image must be named by its digest. */
  readonly digestsDemanded: boolean;
  /** Whether the objects are written for others to apply, rather than deployed by Pulumi. */
  readonly forGitOps: boolean;
}

/** Names in the cluster's DNS that the stack's own configurations have. */
const stackServices = ["tempo", "otel", "tempo-gossip", "tempo-query-frontend", "tempo-backend-scheduler"];

/** The context that an environment's settings make. */
export function contextOf(
  settings: Settings,
  { forGitOps = false }: Partial<Pick<Context, "forGitOps">> = {},
): Context {
  const { namespace, tempo, prometheus, grafana, openobserve, applications } = settings;
  const urls = [
    ...stackServices.map((service) => `http://${service}.${namespace.name}.svc`),
    ...(settings.kafka ? [`http://${settings.kafka.address}`] : []),
    ...[prometheus.url, prometheus.remoteWriteUrl, openobserve.url, grafana.url, storageUrl(tempo.storage)],
  ];
  const named = urls.filter((url) => url !== undefined);
  return {
    namespace: namespace.name,
    createsNamespace: namespace.create,
    grafanaNamespace: grafana.namespace,
    foreignNamespaces: [grafana.namespace, prometheus.namespace, ...applications.namespaces],
    hosts: new Set([
      ...named.map((url) => new URL(url).hostname),
      // Such as a cluster's name that is an address.
      ...hostsNamedIn(JSON.stringify(settings)),
    ]),
    repositories: repositoriesOf(settings),
    flows: flowsOf(settings, storageUrl(tempo.storage)),
    digestsDemanded: settings.images.requireDigest,
    forGitOps,
  };
}

/** With a mirror, whatever comes from elsewhere comes past it. */
function repositoriesOf({ images: { mirror }, tempo, collector }: Settings): ReadonlySet<string> {
  const own = [tempo.image, collector.image].filter((image) => image !== undefined);
  const named = [...Object.values(images), ...own].map(repositoryOf);
  return new Set(
    mirror === undefined ? named : named.map((repository) => `${mirror}/${withoutRegistry(repository)}`),
  );
}

/** Hosts in URLs and in `host:port`, each once. */
export function hostsNamedIn(text: string): string[] {
  const plain = text.replaceAll("\\/", "/").replace(/%3A%2F%2F/gi, "://");
  const patterns = [
    // The part before an @ may be a password: it is not part of what is found.
    /\b[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/?#"'`<>@]{0,256}@)?(\[[^\]\s"]{0,64}\]|[^\s/?#"'`<>,;:%\\)}]+)/gi,
    /(?<![\w:/.-])\/\/([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)/gi,
    /(?<![\w./@:-])((?:[a-z0-9][a-z0-9-]{0,62}\.){1,20}[a-z0-9-]{1,63}):\d{1,5}(?![\w.:-])/gi,
  ];
  const found = patterns.flatMap((pattern) => [...plain.matchAll(pattern)].map(([, host]) => host!));
  return [...new Set(found)];
}
