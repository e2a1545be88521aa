/** A variable of Grafana's own environment, which it fills in when it reads provisioning files. */
export interface FromEnvironment {
  readonly env: string;
}

/** A user name or password: given, or taken from Grafana's environment. */
export type Credential = string | FromEnvironment;

/** A data source, in the terms of Grafana's provisioning files. */
export interface Datasource {
  readonly name: string;
  readonly type: string;
  readonly uid: string;
  readonly url: string;
  readonly basicAuth?: boolean;
  readonly basicAuthUser?: Credential;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData?: Readonly<Record<string, Credential>>;
  readonly correlations?: readonly Correlation[];
}

/** Makes variables of a field's text: the expression's named groups. Where it does not match there is no link. */
export interface Transformation {
  readonly type: "regex";
  readonly expression: string;
}

/** A button on every span of a trace, or a link on every line of logs. Grafana does not start when one is malformed. */
export type Correlation = {
  /** Text of the button. */
  readonly label: string;
  readonly description: string;
} & (
  | {
      /** Opens the target's answer beside it: beside a trace, over exactly the span's time. */
      readonly type: "query";
      readonly targetUID: string;
      readonly config: {
        readonly field: string;
        readonly target: Readonly<Record<string, unknown>>;
        readonly transformations?: readonly Transformation[];
      };
    }
  | {
      /** Follows a URL. */
      readonly type: "external";
      readonly config: { readonly field: string; readonly target: { readonly url: string } };
    }
);
