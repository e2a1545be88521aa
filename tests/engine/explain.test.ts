import assert from "node:assert/strict";
import { explain } from "../../engine/explain.ts";

const operation = { stack: "prod", backend: "s3://states" };

describe("what the engine says, in one sentence", () => {
  for (const [rule, words, sentence] of [
    [
      "the stack is locked",
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///s/.pulumi/locks/organization/llm-tracing/prod/5d.json: created by root@host (pid 42) at 2026-11-23T16:00:00Z\n",
      'Another run is changing the stack "prod": root@host (pid 42), since 2026-11-23T16:00:00Z. Run this again when it is done; if it was killed, first free the stack: pulumi cancel --stack prod.',
    ],
    [
      "no passphrase",
      "error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      'The stack "prod" has secrets, and their passphrase is missing: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.',
    ],
    [
      "a wrong passphrase",
      "error: getting secrets manager: passphrase rejected: incorrect passphrase",
      'The passphrase is not that of the stack "prod": correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.',
    ],
    [
      "Pulumi Cloud is away",
      'error: performing HTTP request: Get "https://api.example.org/api/user": dial tcp 127.0.0.1:9: connect: connection refused\n',
      'The backend cannot be reached (s3://states): Get "https://api.example.org/api/user": dial tcp 127.0.0.1:9: connect: connection refused.',
    ],
    [
      "S3 is away",
      'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): no such host\n',
      'The backend cannot be reached (s3://states): read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): no such host.',
    ],
    [
      "nobody is logged in",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions\n",
      "The backend cannot be reached (s3://states): PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions.",
    ],
    [
      "the cluster is away, which is no fault of the backend",
      'error: configured Kubernetes cluster is unreachable: unable to load schema information: Get "https://127.0.0.1:1/openapi": dial tcp 127.0.0.1:1: connect: connection refused\n',
      'The cluster of "prod" cannot be reached: unable to load schema information: Get "https://127.0.0.1:1/openapi": dial tcp 127.0.0.1:1: connect: connection refused.',
    ],
  ] as const) {
    it(`when ${rule}`, () => assert.equal(explain(words, operation), sentence));
  }

  it("leaves what it does not know as it is", () => {
    assert.equal(explain("error: update failed: dial tcp: timeout", operation), undefined);
  });
});
