import type { types } from "@pulumi/kubernetes";
import type { OtlpTls } from "./args.ts";
import type { ReceiverTls } from "./schema.ts";

/** Folder in which the pod has the receivers' certificates. */
export const tlsFolder = "/etc/tempo-tls";

const files = { certificate: "tls.crt", key: "tls.key", clientAuthority: "ca.crt" } as const;

/** TLS of a receiver. A certificate that is renewed in the Secret is read again, without a restart. */
export const receiverTls = ({ clientCertificates }: OtlpTls): ReceiverTls => ({
  cert_file: `${tlsFolder}/${files.certificate}`,
  key_file: `${tlsFolder}/${files.key}`,
  reload_interval: "1m",
  ...(clientCertificates && {
    client_ca_file: `${tlsFolder}/${files.clientAuthority}`,
    client_ca_file_reload: true,
  }),
});

/** The Secret as a volume; the pod does not start without a key that it names. */
export const tlsVolume = ({ secretName, clientCertificates }: OtlpTls): types.input.core.v1.Volume => ({
  name: "tls",
  secret: {
    secretName,
    // Tempo reads them by its group.
    defaultMode: 0o440,
    items: [files.certificate, files.key, ...(clientCertificates ? [files.clientAuthority] : [])].map(
      (key) => ({ key, path: key }),
    ),
  },
});
