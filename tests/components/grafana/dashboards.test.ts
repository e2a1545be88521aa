import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { Dashboards, type Dashboard } from "../../../components/grafana/dashboards.ts";
import { construct } from "../../program/run.ts";

const dashboard = (name: string, uid: string, title = name, more: object = {}): Dashboard => ({
  name,
  json: { uid, title, ...more },
});

const deliver = (dashboards: readonly Dashboard[], throughApi = false) =>
  construct(() => {
    const api = throughApi ? new grafana.Provider("grafana", { url: "https://grafana" }) : undefined;
    return new Dashboards("dashboards", { dashboards, folder: "Tracing", namespace: "monitoring", api });
  });

/** A dashboard whose file has so many bytes. */
const ofBytes = (bytes: number): Dashboard => {
  const rest = Buffer.byteLength(`${JSON.stringify({ uid: "big", title: "Big", text: "" }, null, 2)}\n`);
  return dashboard("big", "big", "Big", { text: "x".repeat(bytes - rest) });
};

const refusedWith = (says: string | RegExp) => (error: unknown) => {
  assert.ok(pulumi.RunError.isInstance(error), String(error));
  const { message } = error;
  assert.doesNotMatch(message, /\n/);
  if (typeof says === "string") assert.equal(message, says);
  else assert.match(message, says);
  return true;
};

describe("dashboards", () => {
  it("become a ConfigMap each, that holds its file", async () => {
    const registrations = await deliver([dashboard("a", "1"), dashboard("b", "2")]);
    const maps = registrations.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    assert.deepEqual(
      maps.map(({ inputs }) => inputs["data"]),
      ["a", "b"].map((name, index) => ({
        [`${name}.json`]: `{\n  "uid": "${index + 1}",\n  "title": "${name}"\n}\n`,
      })),
    );
  });

  it("are put by the API into the folder that it made, in place of one of the same uid", async () => {
    const registrations = await deliver([dashboard("a", "1")], true);
    const inputs = registrations.find(({ type }) => type === "grafana:oss/dashboard:Dashboard")!.inputs;
    assert.equal(inputs["folder"], "uid-of-folder");
    assert.equal(inputs["overwrite"], true);
    assert.equal(registrations.filter(({ type }) => type.startsWith("kubernetes:")).length, 0);
  });

  it("of one uid are refused, in one sentence that names both", async () => {
    await assert.rejects(
      deliver([dashboard("a", "same", "Chats"), dashboard("b", "same", "GPUs")]),
      refusedWith(
        'The dashboards "Chats" and "GPUs" have the same uid, "same": Grafana would show only one of them. ' +
          "Give one another uid.",
      ),
    );
  });

  it("of one name are refused, in one sentence that names both", async () => {
    await assert.rejects(
      deliver([dashboard("same", "1", "Chats"), dashboard("x", "2"), dashboard("same", "3", "GPUs")]),
      refusedWith(
        /^The dashboards "Chats" and "GPUs" have the same name, "same": .* Give one another name\.$/,
      ),
    );
  });

  it("of one uid are refused through the API as well, where the second would overwrite the first", async () => {
    await assert.rejects(
      deliver([dashboard("a", "u"), dashboard("b", "u")], true),
      refusedWith(/the same uid/),
    );
  });

  it("too large for kubectl apply are refused with their size, and those just below are not", async () => {
    await assert.rejects(
      deliver([ofBytes(262_144)]),
      refusedWith(/^the dashboard "Big" has 262144 bytes; kubectl apply handles less than 262144/i),
    );
    assert.equal((await deliver([ofBytes(262_143)])).length, 3);
  });

  it("are measured in bytes, not characters", async () => {
    const wide = dashboard("wide", "w", "Wide", { text: "…".repeat(100_000) });
    await assert.rejects(deliver([wide]), refusedWith(/has 300\d{3} bytes/));
  });
});
