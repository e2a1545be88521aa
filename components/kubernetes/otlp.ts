import type { types } from "@pulumi/kubernetes";

/** OTLP's ports (opentelemetry.io/docs/specs/otlp). */
export const otlpPorts = { grpc: 4317, http: 4318 } as const;

/** Where OTLP is taken within the cluster. */
export interface OtlpEndpoints {
  /** Over gRPC. */
  readonly grpc: string;
  /** Over HTTP, without `/v1/traces`. */
  readonly http: string;
}

/** Certificates of OTLP receivers. */
export interface OtlpTls {
  /**
   * Secret beside the pod with `tls.crt` and `tls.key`. Where clients need a certificate, and where the pod sends OTLP on, also
   * `ca.crt`.
   */
  readonly secretName: string;
  /** Whether OTLP is taken only from who has a certificate that `ca.crt` has signed. */
  readonly clientCertificates: boolean;
}

/** The addresses of a Service. */
export function otlpEndpoints(service: string, namespace: string, tls: OtlpTls | undefined): OtlpEndpoints {
  const address = `${tls ? "https" : "http"}://${service}.${namespace}.svc`;
  return { grpc: `${address}:${otlpPorts.grpc}`, http: `${address}:${otlpPorts.http}` };
}

/** The ports of a container that takes OTLP. */
export const otlpContainerPorts = [
  { name: "otlp-grpc", containerPort: otlpPorts.grpc },
  { name: "otlp-http", containerPort: otlpPorts.http },
];

/** The ports of the Service before it. */
export const otlpServicePorts = (tls: OtlpTls | undefined): types.input.core.v1.ServicePort[] => [
  {
    name: "otlp-grpc",
    port: otlpPorts.grpc,
    targetPort: "otlp-grpc",
    // HTTP/2 in plain text; with TLS both sides agree on it themselves.
    ...(!tls && { appProtocol: "kubernetes.io/h2c" }),
  },
  { name: "otlp-http", port: otlpPorts.http, targetPort: "otlp-http" },
];

/** `confighttp` and `configgrpc` of go.opentelemetry.io/collector: Tempo's receivers are the collector's. */
export interface OtlpProtocol {
  endpoint: string;
  tls?: ReceiverTls;
}

/** `ServerConfig` of its `configtls`. */
interface ReceiverTls {
  cert_file: string;
  key_file: string;
  reload_interval: string;
  client_ca_file?: string;
  client_ca_file_reload?: boolean;
}

/** The receiver's two protocols. They listen on localhost unless told otherwise. */
export function otlpProtocols(tls: OtlpTls | undefined): Record<"grpc" | "http", OtlpProtocol> {
  const receiver = tls && { tls: receiverTls(tls) };
  return {
    grpc: { endpoint: `0.0.0.0:${otlpPorts.grpc}`, ...receiver },
    http: { endpoint: `0.0.0.0:${otlpPorts.http}`, ...receiver },
  };
}

/** Folder in which a pod has the certificates. */
export const tlsFolder = "/etc/otlp-tls";

const files = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** A certificate that is renewed in the Secret is read again, without a restart. */
const receiverTls = ({ clientCertificates }: OtlpTls): ReceiverTls => ({
  cert_file: `${tlsFolder}/${files.certificate}`,
  key_file: `${tlsFolder}/${files.key}`,
  reload_interval: "1m",
  ...(clientCertificates && {
    client_ca_file: `${tlsFolder}/${files.authority}`,
    client_ca_file_reload: true,
  }),
});

/** TLS of who sends OTLP on with the same certificates. */
export const senderTls = ({ clientCertificates }: OtlpTls) => ({
  ca_file: `${tlsFolder}/${files.authority}`,
  reload_interval: "1m",
  ...(clientCertificates && {
    cert_file: `${tlsFolder}/${files.certificate}`,
    key_file: `${tlsFolder}/${files.key}`,
  }),
});

/**
 * The Secret as a volume; the pod does not start without a key that it names.
 *
 * @param sends - Whether the pod sends OTLP on as well.
 */
export const tlsVolume = (
  { secretName, clientCertificates }: OtlpTls,
  sends = false,
): types.input.core.v1.Volume => ({
  name: "tls",
  secret: {
    secretName,
    // The program reads them by its group.
    defaultMode: 0o440,
    items: [files.certificate, files.key, ...(clientCertificates || sends ? [files.authority] : [])].map(
      (key) => ({ key, path: key }),
    ),
  },
});

/** Where the pod has that volume. */
export const tlsMount = { name: "tls", mountPath: tlsFolder, readOnly: true };
