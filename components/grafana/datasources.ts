import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import type { DatasourceUids } from "../../grafana/datasources.ts";
import { annotations, labels } from "../kubernetes/metadata.ts";
import { register, type PlannedObject } from "../kubernetes/planned.ts";
import { checkDatasources } from "./check.ts";
import type { Datasource } from "./datasource.ts";
import { provisioningYaml } from "./provisioning.ts";

/** The data sources, each by the type that it has. */
export type DatasourceList = Readonly<Record<keyof DatasourceUids, Datasource>>;

/** Arguments of {@link Datasources}. */
export interface DatasourcesArgs {
  /** The data sources, without any secret. */
  readonly datasources: DatasourceList;
  /** Grafana's namespace: the only one that its data source sidecar watches. */
  readonly namespace: string;
  /**
   * Passwords for basic authentication, in place of what the data sources say.
   *
   * @default none
   */
  readonly passwords?: Readonly<Partial<Record<keyof DatasourceUids, pulumi.Input<string>>>>;
  /**
   * Grafana's HTTP API, in place of the Secret. It has no way to create the buttons from traces to logs.
   *
   * @default a Secret, for Grafana's sidecar
   */
  readonly api?: grafana.Provider;
}

/**
 * The data sources in Grafana: one Secret, so that none refers to one that is not there; or through its API.
 *
 * @throws UserError when Grafana would not start with them, see {@link checkDatasources}.
 */
export class Datasources extends pulumi.ComponentResource {
  /** Their uids in Grafana. */
  readonly uids: DatasourceUids;

  constructor(name: string, args: DatasourcesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Datasources", name, {}, opts);
    checkDatasources(Object.values(args.datasources));
    if (args.api) createThroughApi(this, args, args.api);
    else createSecret(this, args);
    const { tempo, prometheus, openobserve } = args.datasources;
    this.uids = { tempo: tempo.uid, prometheus: prometheus.uid, openobserve: openobserve.uid };
    this.registerOutputs({ uids: this.uids });
  }
}

const secretName = "llm-tracing-datasources";

/** The Secret of the data sources, with the mark that Grafana's sidecar looks for. */
export const datasourcesSecret = ({ datasources, namespace }: Omit<DatasourcesArgs, "passwords" | "api">) =>
  ({
    kind: "Secret",
    name: secretName,
    object: {
      metadata: {
        name: secretName,
        namespace,
        labels: { ...labels(secretName, "datasources"), grafana_datasource: "1" },
        annotations: annotations(),
      },
      // The sidecar puts the files of all Secrets into one folder: the key must be nobody else's.
      stringData: { [`${secretName}.yaml`]: provisioningYaml(Object.values(datasources)) },
    },
  }) as const satisfies PlannedObject;

function createSecret(parent: pulumi.Resource, { passwords = {}, ...args }: DatasourcesArgs): void {
  const { object, ...secret } = datasourcesSecret(args);
  const stringData = pulumi.output(passwords).apply((known) => {
    const datasources = withPasswords(args.datasources, known);
    return datasourcesSecret({ ...args, datasources }).object.stringData;
  });
  register(parent, { secret: { ...secret, object: { ...object, stringData } } });
}

/** What Grafana's API is told of each data source. */
export const apiDatasources = (datasources: DatasourceList) =>
  Object.entries(datasources).map(([name, source]) => ({
    name,
    args: {
      type: source.type,
      name: source.name,
      uid: source.uid,
      url: source.url,
      isDefault: false,
      basicAuthEnabled: source.basicAuth ?? false,
      basicAuthUsername: (source.basicAuthUser ?? "") as string,
      jsonDataEncoded: JSON.stringify(source.jsonData),
      secureJsonDataEncoded: JSON.stringify(source.secureJsonData ?? {}),
    },
  }));

function createThroughApi(
  parent: pulumi.Resource,
  { datasources, passwords = {} }: DatasourcesArgs,
  provider: grafana.Provider,
): void {
  const known = pulumi.output(passwords).apply((plain) => apiDatasources(withPasswords(datasources, plain)));
  for (const [index, { name, args }] of apiDatasources(datasources).entries()) {
    const secureJsonDataEncoded = pulumi.secret(known[index]!.args.secureJsonDataEncoded);
    new grafana.oss.DataSource(name, { ...args, secureJsonDataEncoded }, { parent, provider });
  }
}

type Passwords = Readonly<Partial<Record<keyof DatasourceUids, string>>>;

/** The data sources, each with its password if there is one. */
export const withPasswords = (datasources: DatasourceList, passwords: Passwords): DatasourceList => ({
  tempo: withPassword(datasources.tempo, passwords.tempo),
  prometheus: withPassword(datasources.prometheus, passwords.prometheus),
  openobserve: withPassword(datasources.openobserve, passwords.openobserve),
});

const withPassword = (source: Datasource, basicAuthPassword: string | undefined): Datasource =>
  basicAuthPassword === undefined
    ? source
    : { ...source, secureJsonData: { ...source.secureJsonData, basicAuthPassword } };
