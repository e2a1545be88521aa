import { z } from "zod";
import { want } from "./units.ts";
import { dnsLabel, text, secretKey } from "./values.ts";

/** Where trace blocks are kept. */
export const storage = z
  .discriminatedUnion(
    "backend",
    [
      z.strictObject({ backend: z.literal("local").describe("Blocks on the data volume.") }),
      z.strictObject({
        backend: z.literal("s3").describe("Blocks in S3 or what speaks its protocol."),
        bucket: text("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
        endpoint: text("host[:port] of the S3 API, without a scheme")
          .regex(/^[^/\s]+$/, { ...want("host[:port] of the S3 API, without a scheme"), abort: true })
          .refine((host) => URL.canParse(`https://${host}`), want("a valid host[:port]"))
          .describe(
            "Host of the S3 API, such as s3.eu-central-1.amazonaws.com. No default: it depends on the region.",
          ),
        region: text("a region").optional().describe("Region, where the endpoint does not tell."),
        insecure: z.boolean(want("true or false")).default(false).describe("Plain HTTP."),
        pathStyle: z
          .boolean(want("true or false"))
          .default(false)
          .describe("Bucket in the path: MinIO, SeaweedFS, Ceph."),
        credentialsSecret: z
          .strictObject({
            name: dnsLabel("the name of a Secret in Tempo's namespace").describe("The Secret."),
            accessKeyKey: secretKey("the access key id", "AWS_ACCESS_KEY_ID"),
            secretKeyKey: secretKey("the secret access key", "AWS_SECRET_ACCESS_KEY"),
          })
          .optional()
          .describe("Secret with the keys. Default: workload identity (serviceAccountAnnotations)."),
      }),
      z.strictObject({
        backend: z.literal("gcs").describe("Blocks in Google Cloud Storage, by workload identity."),
        bucket: text("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
      }),
      z.strictObject({
        backend: z.literal("azure").describe("Blocks in Azure Blob Storage, by workload identity."),
        container: text("the container's name").describe("Container; must exist. No default: it is yours."),
        account: text("the storage account").describe("Storage account. No default: it is yours."),
      }),
    ],
    want('a storage whose backend is "local", "s3", "gcs" or "azure"'),
  )
  .default({ backend: "local" })
  .describe(
    "Where trace blocks are kept. The data volume is needed with each: the newest minute exists only there.",
  );
