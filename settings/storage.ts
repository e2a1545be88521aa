import { z } from "zod";
import { want } from "./units.ts";
import { checkPods, isHost, isNoNode, noNode, podPort } from "./addresses.ts";
import { conflict, objectName, secretKey } from "./values.ts";

/** A name of a bucket or a region, in the forms of any provider; none has what Tempo would fill in. */
const plainName = (what: string, most = 222) =>
  z
    .string(want(what))
    .max(most, want(`${what}, at most ${most} characters`))
    .regex(
      /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/,
      want(`${what}: letters, digits, and "-", "_", "." between them`),
    );

/** Names of Azure: learn.microsoft.com, "Naming rules and restrictions for Azure resources". */
const azureName = (what: string, pattern: RegExp, form: string) =>
  z.string(want(what)).regex(pattern, want(`${what}: ${form}`));

/** Where trace blocks are kept. */
export const storage = z
  .discriminatedUnion(
    "backend",
    [
      z.strictObject({ backend: z.literal("local").describe("Blocks on the data volume.") }),
      z
        .strictObject({
          backend: z.literal("s3").describe("Blocks in S3 or what speaks its protocol."),
          bucket: plainName("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
          endpoint: z
            .string(want("host[:port] of the S3 API, without a scheme"))
            .regex(/^[^/\s]+$/, { ...want("host[:port] of the S3 API, without a scheme"), abort: true })
            .refine((host) => !host.includes("@"), {
              ...want("host[:port], without credentials"),
              abort: true,
            })
            .refine(isHost, { ...want("a valid host[:port]"), abort: true })
            .refine(isNoNode, noNode("host[:port]"))
            .describe(
              "Host of the S3 API, such as s3.eu-central-1.amazonaws.com. No default: it depends on the region.",
            ),
          podPort,
          region: plainName("a region", 63).optional().describe("Region, where the endpoint does not tell."),
          insecure: z.boolean(want("true or false")).default(false).describe("Plain HTTP."),
          pathStyle: z
            .boolean(want("true or false"))
            .default(false)
            .describe("Bucket in the path: MinIO, SeaweedFS, Ceph."),
          credentialsSecret: z
            .strictObject({
              name: objectName("the name of a Secret in Tempo's namespace").describe("The Secret."),
              accessKeyKey: secretKey("the access key id", "AWS_ACCESS_KEY_ID"),
              secretKeyKey: secretKey("the secret access key", "AWS_SECRET_ACCESS_KEY"),
            })
            .superRefine(({ accessKeyKey, secretKeyKey }, context) => {
              if (accessKeyKey !== secretKeyKey) return;
              const message = "another key than the other one's";
              conflict(context, { path: ["accessKeyKey"], message }, { path: ["secretKeyKey"], message });
            })
            .optional()
            .describe("Secret with the keys. Default: workload identity (serviceAccountAnnotations)."),
          podIdentity: z
            .boolean(want("true or false"))
            .default(false)
            .describe("Lets Tempo reach the agent of EKS Pod Identity on its node, which gives it its keys."),
        })
        .superRefine(({ endpoint, insecure, podPort, credentialsSecret, podIdentity }, context) => {
          checkPods(context, {
            url: `${insecure ? "http" : "https"}://${endpoint}`,
            key: "endpoint",
            podPort,
          });
          if (podIdentity && credentialsSecret) {
            conflict(
              context,
              { path: ["podIdentity"], message: "false, as credentialsSecret has the keys" },
              { path: ["credentialsSecret"], message: "none, as podIdentity is true" },
            );
          }
        }),
      z.strictObject({
        backend: z.literal("gcs").describe("Blocks in Google Cloud Storage, by workload identity."),
        bucket: plainName("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
      }),
      z.strictObject({
        backend: z.literal("azure").describe("Blocks in Azure Blob Storage, by workload identity."),
        container: azureName(
          "the container's name",
          /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
          '3 to 63 lower-case letters, digits and "-"',
        ).describe("Container; must exist. No default: it is yours."),
        account: azureName(
          "the storage account",
          /^[a-z0-9]{3,24}$/,
          "3 to 24 lower-case letters and digits",
        ).describe("Storage account. No default: it is yours."),
      }),
    ],
    want('a storage whose backend is "local", "s3", "gcs" or "azure"'),
  )
  .default({ backend: "local" })
  .describe(
    "Where trace blocks are kept. The data volume is needed with each: the newest minute exists only there.",
  );
