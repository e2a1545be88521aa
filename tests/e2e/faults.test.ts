import assert from "node:assert/strict";
import { parse } from "yaml";
import type { ApiClient, KubernetesObject } from "../../clients/kubernetes.ts";
import { waitFor } from "../../clients/wait.ts";
import { renderEnvironment } from "../../engine/rendering.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import { UserError } from "../../errors.ts";
import { changedPod } from "./faults/pod.ts";
import { cancelLock, isUnderWay, startUp } from "./faults/up.ts";
import { killApiServer } from "./faults/api-server.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { nameOf, objectsThere } from "./objects.ts";

const dashboardPath = "/api/v1/namespaces/monitoring/configmaps/llm-tracing-dashboard";
const secretPath = "/api/v1/namespaces/monitoring/secrets/llm-tracing-datasources";
const policiesPath = "/apis/networking.k8s.io/v1/namespaces/tracing/networkpolicies";

/** A secret that somebody types into an object, which no message may repeat. */
const planted = "hunter2";

describe("faults while deploying", () => {
  let cluster: TestCluster;
  let api: ApiClient;
  let stack: EngineStack;
  let wanted: string[];

  before(async function () {
    cluster = await openTestCluster(this, "faults");
    api = cluster.sandbox.api;
    const untouched = await objectsThere(api);
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "tracing" } });
    stack = await cluster.openStack();
    const { objects } = await renderEnvironment("dev");
    const rendered = objects.map(({ yaml }) => nameOf(parse(yaml) as KubernetesObject));
    wanted = [...untouched, ...rendered].sort();
  });

  after(() => cluster?.close());

  /** What a person is told: each object in a line or two, in words, without the engine's. */
  const refusalOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => assert.fail("was not refused"),
      (each: unknown) => each,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 1);
    assertPlain(error.message);
    return error.message;
  };
  const assertPlain = (text: string) =>
    assert.doesNotMatch(text, new RegExp(`urn:pulumi|www\\.pulumi\\.com|errors? occurred|${planted}`));
  const shownBy = async (work: (show: { write(text: string): unknown }) => Promise<unknown>) => {
    let text = "";
    await work({ write: (piece) => (text += piece) });
    assertPlain(text);
    return text;
  };
  const assertNothingDoubledOrLost = async () => assert.deepEqual(await objectsThere(api), wanted);
  const assertWhole = async () => {
    await assertNothingDoubledOrLost();
    let planned = "";
    const show = { write: (text: string) => (planned += text) };
    assert.equal(hasChanges(await stack.preview({ show })), false, planned);
  };
  const quota = (hard: Record<string, string>) =>
    api.apply({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "team-budget", namespace: "tracing" },
      spec: { hard },
    });
  const applyAs = (manager: string, data: Record<string, string>) =>
    api.send(
      "PATCH",
      `${dashboardPath}?fieldManager=${manager}&force=true`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "llm-tracing-dashboard" }, data },
      "application/apply-patch+yaml",
    );
  const editByHand = (path: string, change: object) =>
    api.send("PATCH", `${path}?fieldManager=kubectl-edit`, change, "application/merge-patch+json");

  describe("what is in the way of a first deployment is named, with what to do", () => {
    before(() => quota({ "requests.storage": "5Gi" }));

    it("when an object of that name is somebody else's", async () => {
      await applyAs("argocd-controller", { "llm-tracing-dashboard.json": "{}" });
      assert.match(
        await refusalOf(stack.up()),
        /ConfigMap monitoring\/llm-tracing-dashboard: "argocd-controller" manages \.data\.llm-tracing-dashboard\.json and wants another value than this stack\. Take the object out of what "argocd-controller" applies, and deploy again\./,
      );
      await api.delete(dashboardPath);
    });

    it("when a quota does not allow the volume", async () => {
      assert.match(
        await refusalOf(stack.up()),
        /The ResourceQuota "team-budget" does not allow PersistentVolumeClaim tracing\/tempo-data: it asks for requests\.storage=10Gi, requests\.storage=0 is used, and the limit is requests\.storage=5Gi\. Lower tempo\.volume\.size, or have the quota raised\./,
      );
    });

    it("when a quota does not allow the pod, while it is waited for and at the end", async () => {
      await quota({ pods: "0" });
      const shown = await shownBy(async (show) => {
        const impatient = await cluster.openStack(
          {},
          changedPod(() => undefined),
        );
        assert.match(await refusalOf(impatient.up({ show })), /Pulumi says why above\.$/);
      });
      const words =
        /The ResourceQuota "team-budget" does not allow the pod tempo-0 of StatefulSet tracing\/tempo: it asks for pods=1, pods=0 is used, and the limit is pods=0\. Have the quota raised\./;
      const [meanwhile = "", atTheEnd = ""] = shown.split("Diagnostics:");
      assert.match(meanwhile, words);
      assert.match(atTheEnd, words);
      assert.match(atTheEnd, /StatefulSet tracing\/tempo is there, but did not get ready in time\./);
    });

    it("when Pod Security does not allow a pod that was weakened", async () => {
      const weakened = await cluster.openStack(
        {},
        changedPod(({ containers: [tempo] }) => {
          tempo!.securityContext["allowPrivilegeEscalation"] = true;
        }),
      );
      assert.match(
        await refusalOf(weakened.up()),
        /Pod Security \("restricted:latest"\) does not allow the pod tempo-0 of StatefulSet tracing\/tempo: allowPrivilegeEscalation != false \(container "tempo" .*\)\. The stack's own pod keeps to it/,
      );
    });

    it("and once that is mended, the next up completes, and says nothing of it any more", async () => {
      await api.delete("/api/v1/namespaces/tracing/resourcequotas/team-budget");
      const shown = await shownBy((show) => stack.up({ show }));
      assert.doesNotMatch(shown, /Diagnostics:/);
      await assertWhole();
    });
  });

  describe("what was changed in the cluster", () => {
    it("by hand is said, with who did it, and put back by the next up", async () => {
      await editByHand(dashboardPath, { data: { "llm-tracing-dashboard.json": "{}" } });
      const data = { "llm-tracing-datasources.yaml": Buffer.from(planted).toString("base64") };
      await editByHand(secretPath, { data });
      await editByHand(`${policiesPath}/tempo`, { spec: { egress: [] } });
      await api.delete(`${policiesPath}/deny-all`);
      const changed =
        /! +kubernetes:core\/v1:ConfigMap llm-tracing-dashboard was changed \[data\] by kubectl-edit \(.*Z\) since the last deployment/;
      const all = [
        changed,
        /! +kubernetes:core\/v1:Secret llm-tracing-datasources was changed \[data\] by kubectl-edit/,
        /! +kubernetes:networking\.k8s\.io\/v1:NetworkPolicy tempo was changed \[spec\]/,
        /! +kubernetes:networking\.k8s\.io\/v1:NetworkPolicy deny-all was deleted since the last deployment/,
      ];
      const planned = await shownBy((show) => stack.preview({ show }));
      const done = await shownBy((show) => stack.up({ show }));
      for (const words of all) {
        assert.match(planned, words);
        assert.match(done, words);
      }
      await assertWhole();
    });

    it("by what applies it again and again is left, and named", async () => {
      await applyAs("argocd-controller", { "llm-tracing-dashboard.json": "[]" });
      const words = /"argocd-controller" manages \.data\.llm-tracing-dashboard\.json and wants another value/;
      assert.match(await refusalOf(stack.preview()), words);
      assert.match(await refusalOf(stack.up()), words);
      await api.delete(dashboardPath);
      await stack.up();
      await assertWhole();
    });
  });

  describe("an API server that is killed in the middle", () => {
    it("is said, and the next up goes on from there", async () => {
      await stack.destroy();
      let restart: (() => Promise<void>) | undefined;
      const write = (text: string) => {
        if (/ConfigMap \S+ created/.test(text)) restart ??= killApiServer(cluster);
      };
      assert.match(
        await refusalOf(stack.up({ show: { write } })),
        /^The API server of "dev" stopped answering in the middle: .*\. What was done until then is recorded: run the same again once it answers, and it goes on from there\.$/,
      );
      await restart!();
      await stack.up();
      await assertWhole();
    });
  });

  describe("an up that is ended in the middle", () => {
    before(() => stack.destroy());

    it("by SIGKILL leaves the stack locked, and says how to free it", async () => {
      const killed = startUp(cluster);
      await killed.said(/ConfigMap \S+ created/);
      killed.process.kill("SIGKILL");
      await killed.ended;
      await waitFor("its engine to end", 30, () => Promise.resolve(!isUnderWay()));
      const next = startUp(cluster);
      assert.equal(await next.ended, 1);
      assert.match(
        next.text(),
        /\nAnother run is changing the stack "dev": \S+ \(pid \d+\), since \S+\. Run this again when it is done; if it was killed, first free the stack: pulumi cancel --stack dev\.\n$/,
      );
      await cancelLock(cluster);
    });

    it("by ctrl-C ends what is under way, and says how to go on", async () => {
      const interrupted = startUp(cluster);
      await interrupted.said(/(ConfigMap|NetworkPolicy|Service) \S+ created/);
      process.kill(-interrupted.process.pid!, "SIGINT");
      assert.equal(await interrupted.ended, 130);
      assert.match(interrupted.text(), /run the same again, and it goes on from there/);
    });

    it("is made up for by the next", async () => {
      const next = startUp(cluster);
      assert.equal(await next.ended, 0, next.text());
      await assertNothingDoubledOrLost();
      const afterwards = startUp(cluster);
      assert.equal(await afterwards.ended, 0, afterwards.text());
      assert.match(afterwards.text(), /\nNothing to change in llm-tracing-sandbox\.\n$/);
    });
  });
});
