import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { run } from "./run.ts";

const password = "correct-horse-$battery";

describe("OpenObserve's password, kept in the stack", () => {
  for (const [how, value] of [
    ["encrypted", { secure: "v1:c29tZXRoaW5n" }],
    ["in plain text, by mistake", password],
  ] as const) {
    it(`${how}: makes the Secret's content secret`, async () => {
      const { registrations } = await run("dev", { openobservePassword: value });
      const secret = registrations.find(({ type }) => type === "kubernetes:core/v1:Secret")!;
      assert.ok(pulumi.runtime.isRpcSecret(secret.inputs["stringData"]));
    });

    it(`${how}: is in no rendered file, no output and nothing that the engine would show`, async () => {
      const { objects, outputs, registrations } = await run("dev", { openobservePassword: value });
      const secret = objects.find(({ kind }) => kind === "Secret")!;
      assert.match(secret.yaml, /basicAuthPassword: "?\[secret\]"?$/m);
      for (const text of [objects, outputs, registrations].map((part) => JSON.stringify(part))) {
        assert.ok(!text.includes("battery"));
        assert.ok(!text.includes("c29tZXRoaW5n"));
      }
    });
  }

  it("is asked of Grafana's environment when the stack has none, so that nothing in the Secret is secret", async () => {
    const { objects } = await run("dev", { openobserve: { passwordEnv: "O2_READER" } });
    assert.match(objects.find(({ kind }) => kind === "Secret")!.yaml, /basicAuthPassword: \$O2_READER$/m);
  });
});

describe("credentials for Tempo", () => {
  it("are names of Secrets, never their values", async () => {
    const { kubernetes } = await run("dev", {
      prometheus: { credentialsSecret: { name: "remote-write" } },
      tempo: {
        storage: {
          backend: "s3",
          bucket: "b",
          endpoint: "minio.minio.svc:9000",
          credentialsSecret: { name: "s3" },
        },
      },
    });
    const { template } = kubernetes.find(({ kind }) => kind === "StatefulSet")!.spec as {
      template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
    };
    const from = (name: string, secret: string, key: string) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key } },
    });
    const { env } = template.spec.containers[0]!;
    assert.deepEqual(
      env.filter(({ value }) => value !== undefined).map(({ name }) => name),
      ["GOMEMLIMIT"],
    );
    assert.deepEqual(
      env.filter(({ value }) => value === undefined),
      [
        from("REMOTE_WRITE_USERNAME", "remote-write", "username"),
        from("REMOTE_WRITE_PASSWORD", "remote-write", "password"),
        from("AWS_ACCESS_KEY_ID", "s3", "AWS_ACCESS_KEY_ID"),
        from("AWS_SECRET_ACCESS_KEY", "s3", "AWS_SECRET_ACCESS_KEY"),
      ],
    );
  });
});
