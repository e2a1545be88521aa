import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { annotations, labels } from "../kubernetes/metadata.ts";
import type { Datasource } from "./datasource.ts";
import { provisioningYaml } from "./provisioning.ts";

/** Arguments of {@link Datasources}. */
export interface DatasourcesArgs {
  /** The data sources; an output when one holds a secret. */
  readonly datasources: pulumi.Input<readonly Datasource[]>;
  /** Grafana's namespace: the only one that its data source sidecar watches. */
  readonly namespace: string;
  /** Grafana's HTTP API, in place of the Secret. It has no way to create the buttons from traces to logs. */
  readonly api?: grafana.Provider;
}

/** The data sources in Grafana: one Secret, so that none refers to one that is not there; or through its API. */
export class Datasources extends pulumi.ComponentResource {
  constructor(name: string, args: DatasourcesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Datasources", name, {}, opts);
    if (args.api) createThroughApi(this, args, args.api);
    else createSecret(this, args);
    this.registerOutputs({});
  }
}

const secretName = "llm-tracing-datasources";

function createSecret(parent: pulumi.Resource, { datasources, namespace }: DatasourcesArgs): void {
  const text = pulumi.output(datasources).apply(provisioningYaml);
  new k8s.core.v1.Secret(secretName, datasourcesSecret(text, namespace), { parent });
}

/** The Secret of a provisioning file, with the mark that Grafana's sidecar looks for. */
export const datasourcesSecret = <Text extends pulumi.Input<string>>(text: Text, namespace: string) => ({
  metadata: {
    name: secretName,
    namespace,
    labels: { ...labels(secretName, "datasources"), grafana_datasource: "1" },
    annotations: annotations(),
  },
  // The sidecar puts the files of all Secrets into one folder: the key must be nobody else's.
  stringData: { [`${secretName}.yaml`]: text },
});

function createThroughApi(
  parent: pulumi.Resource,
  { datasources }: DatasourcesArgs,
  provider: grafana.Provider,
): void {
  for (const key of ["tempo", "prometheus", "openobserve"] as const) {
    const source = pulumi.output(datasources).apply((list) => list.find(({ type }) => type === key)!);
    new grafana.oss.DataSource(
      key,
      {
        type: source.type,
        name: source.name,
        uid: source.uid,
        url: source.url,
        isDefault: false,
        basicAuthEnabled: source.apply(({ basicAuth }) => basicAuth ?? false),
        basicAuthUsername: source.apply(({ basicAuthUser }) => (basicAuthUser ?? "") as string),
        jsonDataEncoded: source.apply(({ jsonData }) => JSON.stringify(jsonData)),
        secureJsonDataEncoded: pulumi.secret(
          source.apply(({ secureJsonData }) => JSON.stringify(secureJsonData ?? {})),
        ),
      },
      { parent, provider },
    );
  }
}
