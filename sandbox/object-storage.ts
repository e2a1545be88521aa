import { mkdirSync } from "node:fs";
import path from "node:path";
import { answersOk } from "../clients/http.ts";
import type { Guard } from "../processes/guard.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import type { SandboxFolder } from "./folder.ts";
import { startProcess } from "./service.ts";

/** Its process's name. */
export const objectStorageName = "object-storage";

/** Keys that it takes: nobody but this machine reaches it. */
export const objectStorageKeys = {
  AWS_ACCESS_KEY_ID: "sandbox",
  AWS_SECRET_ACCESS_KEY: "sandbox-secret",
} as const;

/** An S3 server on this machine. */
export interface ObjectStoragePlace {
  readonly folder: SandboxFolder;
  readonly address: string;
  readonly port: number;
  readonly bucket: string;
}

/** Starts an S3 server with a bucket. Buckets are folders of the sandbox, objects files in them. */
export async function startObjectStorage(
  { folder, address, port, bucket }: ObjectStoragePlace,
  guard: Guard,
  tools: ToolPaths,
): Promise<void> {
  const data = path.join(folder.root, objectStorageName);
  const [buckets, metadata] = ["buckets", "metadata"].map((name) => path.join(data, name)) as [
    string,
    string,
  ];
  for (const each of [path.join(buckets, bucket), metadata]) mkdirSync(each, { recursive: true });
  await startProcess(
    {
      name: objectStorageName,
      command: tools.versitygw,
      arguments: [
        ...["--port", `${address}:${port}`, "--health", "/health", "--quiet"],
        // Not every file system has room for attributes.
        ...["posix", "--sidecar", metadata, buckets],
      ],
      directory: folder.root,
      environment: {
        ROOT_ACCESS_KEY: objectStorageKeys.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: objectStorageKeys.AWS_SECRET_ACCESS_KEY,
      },
      logs: folder.logs,
      recordIn: folder.run,
      isHealthy: () => answersOk(`http://${address}:${port}/health`),
    },
    guard,
  );
}
