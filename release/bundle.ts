import { createHash } from "node:crypto";
import { applicationEnv } from "../assembly/application-env.ts";
import { dashboardConfigMap } from "../components/grafana/dashboards.ts";
import { datasourcesSecret } from "../components/grafana/datasources.ts";
import { provisioningYaml } from "../components/grafana/provisioning.ts";
import { releaseObject } from "../components/kubernetes/release.ts";
import * as tempo from "../components/tempo/objects.ts";
import { images } from "../components/tempo/statefulset.ts";
import { tempoEndpoints } from "../components/tempo/tempo.ts";
import { dashboardContext, datasources } from "../assembly/wiring.ts";
import { dashboards } from "../dashboards/index.ts";
import manifest from "../package.json" with { type: "json" };
import { parseSettings, type Settings } from "../settings.ts";
import { stackVersion } from "./version.ts";

/**
 * Hash of all that is the same in every environment: the stack's version, Tempo's line and image, the providers, and
 * every object as it is made from settings that are nobody's. Two environments with one digest run one bundle.
 */
export const bundleDigest = (settings: Settings): string =>
  createHash("sha256")
    .update(JSON.stringify(bundleContents(settings)))
    .digest("hex")
    .slice(0, 16);

/** What {@link bundleDigest} is the hash of. */
export const bundleContents = ({ tempo: { line, image } }: Settings) => ({
  stackVersion,
  tempo: { line, image: release(image ?? images[line]) },
  providers: [manifest.dependencies["@pulumi/kubernetes"], manifest.dependencies["@pulumiverse/grafana"]],
  objects: objectsOf(line),
});

const known = new Map<Settings["tempo"]["line"], readonly unknown[]>();

/** The objects of a line, from each of the {@link referenceSections}; made once, since they follow from the source alone. */
function objectsOf(line: Settings["tempo"]["line"]): readonly unknown[] {
  const objects = known.get(line) ?? references(line).map(objectsFrom);
  known.set(line, objects);
  return objects;
}

/** An image without the registry it is pulled from, which may differ. */
const release = (image: string): string => image.slice(image.lastIndexOf("/") + 1);

/** Settings that, between them, make everything of which an environment may choose. */
const references = (line: Settings["tempo"]["line"]): Settings[] =>
  referenceSections.map(({ tempo, ...sections }) =>
    parseSettings({ environment: "reference", ...sections, tempo: { ...tempo, line } }),
  );

/** What {@link references} set; the first sets nothing. */
export const referenceSections: readonly Readonly<Record<string, object>>[] = [
  {},
  {
    tempo: {
      storage: { backend: "s3", bucket: "b", endpoint: "s3.example.org", credentialsSecret: { name: "s3" } },
    },
    prometheus: { credentialsSecret: { name: "remote-write" } },
  },
  { tempo: { storage: { backend: "gcs", bucket: "b" } } },
  { tempo: { storage: { backend: "azure", container: "ccc", account: "aaa" } } },
];

/** Every object, and what applications are told, as they follow from settings. */
function objectsFrom(settings: Settings): readonly unknown[] {
  const namespace = settings.namespace.name;
  const meta = (name: string) => tempo.tempoMetadata(name, namespace);
  const text = tempo.configText(settings);
  const context = dashboardContext(settings);
  return [
    tempo.namespaceObject(namespace),
    tempo.serviceAccountObject(meta("tempo"), settings),
    tempo.configMapObject(meta("tempo-config"), text),
    tempo.claimObject(meta("tempo-data"), settings.tempo.volume),
    tempo.denyAllObject(meta("deny-all")),
    tempo.policyObject(meta("tempo"), settings),
    tempo.headlessServiceObject(meta("tempo-headless")),
    tempo.statefulSetObject(meta("tempo"), settings, {
      serviceName: "tempo-headless",
      serviceAccountName: "tempo",
      configMapName: "tempo-config",
      claimName: "tempo-data",
    }),
    tempo.serviceObject(meta("tempo")),
    releaseObject(namespace),
    datasourcesSecret(provisioningYaml(datasources(settings)), settings.grafana.namespace),
    ...dashboards(context).map((dashboard) => dashboardConfigMap(dashboard, settings.grafana)),
    applicationEnv(settings, tempoEndpoints(namespace)),
  ];
}
