import type { TempoStorage } from "./args.ts";
import { dataFolder } from "./ports.ts";
import type { TraceStorage } from "./schema.ts";

/** Where blocks are kept, as Tempo's `storage.trace` says it. */
export function storageSection(storage: TempoStorage): TraceStorage {
  switch (storage.backend) {
    case "local":
      return { backend: "local", local: { path: `${dataFolder}/blocks` } };
    case "s3":
      // Without keys Tempo takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the workload's identity.
      return {
        backend: "s3",
        s3: {
          bucket: storage.bucket,
          endpoint: storage.endpoint,
          ...(storage.region && { region: storage.region }),
          insecure: storage.insecure,
          forcepathstyle: storage.pathStyle,
        },
      };
    case "gcs":
      return { backend: "gcs", gcs: { bucket_name: storage.bucket } };
    case "azure":
      return {
        backend: "azure",
        azure: {
          container_name: storage.container,
          storage_account_name: storage.account,
          use_federated_token: true,
        },
      };
  }
}

/** The server that a storage needs to reach, if any. */
export function storageUrl(storage: TempoStorage): string | undefined {
  switch (storage.backend) {
    case "local":
      return undefined;
    case "s3":
      return `${storage.insecure ? "http" : "https"}://${storage.endpoint}`;
    case "gcs":
      return "https://storage.googleapis.com";
    case "azure":
      return `https://${storage.account}.blob.core.windows.net`;
  }
}
