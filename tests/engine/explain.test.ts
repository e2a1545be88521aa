import assert from "node:assert/strict";
import { explain, explainFault, isEditedByHand } from "../../engine/explain.ts";

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
    [
      "the API server goes away in the middle",
      'error: resource "urn:pulumi:prod::p::kubernetes:core/v1:ConfigMap::c" was not successfully created by the Kubernetes API server: Patch "https://127.0.0.1:46843/api/v1/namespaces/tracing/configmaps/c?fieldManager=p&force=false": read tcp 127.0.0.1:40468->127.0.0.1:46843: read: connection reset by peer\n',
      'The API server of "prod" stopped answering in the middle: read: connection reset by peer. What was done until then is recorded: run the same again once it answers, and it goes on from there.',
    ],
    [
      "there is no Prometheus operator",
      'creation of resource "urn:pulumi:prod::llm-tracing::llm-tracing:index:LlmTracing$llm-tracing:index:Tempo$kubernetes:monitoring.coreos.com/v1:ServiceMonitor::tempo" with kind monitoring.coreos.com/v1/ServiceMonitor failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"\nupdate failed',
      'The cluster of "prod" does not know the kind ServiceMonitor: it has no Prometheus operator. Install the operator (kube-prometheus-stack brings it) and run this again; or do without: prometheus.scrape: annotations, or none, and alerts.rules: none. What was made so far stays.',
    ],
  ] as const) {
    it(`when ${rule}`, () => assert.equal(explain(words, operation), sentence));
  }

  it("leaves what it does not know as it is", () => {
    assert.equal(explain("error: update failed: dial tcp: timeout", operation), undefined);
  });
});

describe("what the cluster says of an object, in words of ours", () => {
  const conflict = (words: string) =>
    `Server-Side Apply field conflict detected. See https://www.pulumi.com/registry for troubleshooting help.\nThe resource managed by field manager "pulumi-kubernetes-1a2b" had an apply conflict: ${words}`;
  const two = conflict(
    'Apply failed with 3 conflicts: conflicts with "argocd-controller":\n- .data.a\n- .data.b\nconflicts with "kubectl-edit" using v1 at 2026-11-25T12:36:56Z:\n- .metadata.labels.c',
  );
  const edit = conflict('Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .data.a');
  const quota = (what: string, requested: string) =>
    `${what} is forbidden: exceeded quota: budget, requested: ${requested}, used: u, limited: l`;

  for (const [rule, words, sentence] of [
    [
      "other managers have its fields",
      two,
      'Kind n/o: "argocd-controller" manages .data.a, .data.b and wants another value than this stack. Take the object out of what "argocd-controller" applies, and deploy again. ' +
        '"kubectl-edit" has changed .metadata.labels.c. Undo that, or put this stack\'s value in its place with PULUMI_K8S_ENABLE_PATCH_FORCE=true.',
    ],
    [
      "it is there already",
      'configmaps "o" already exists',
      "Kind n/o is there already, and is not this stack's. Delete or rename it, and deploy again; if it came of a run of this stack that was cut off, PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true takes it over.",
    ],
    [
      "it is protected",
      "resource \"urn:pulumi:dev::x::tempo-data\" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n`pulumi state unprotect 'urn:pulumi:dev::x::tempo-data'`",
      "Kind n/o is protected, and would be left without Tempo. If it may be: with all else as it was, deploy once with tempo.volume.protect: false; then this again.",
    ],
    [
      "a quota counts volumes of a storage class",
      quota('persistentvolumeclaims "o"', "fast.storageclass.storage.k8s.io/requests.storage=10Gi"),
      'The ResourceQuota "budget" does not allow Kind n/o: it asks for fast.storageclass.storage.k8s.io/requests.storage=10Gi, u is used, and the limit is l. Lower tempo.volume.size, or have the quota raised.',
    ],
    [
      "a quota counts what pods request",
      quota('pods "o-0"', "requests.memory=512Mi"),
      'The ResourceQuota "budget" does not allow the pod o-0 of Kind n/o: it asks for requests.memory=512Mi, u is used, and the limit is l. Lower tempo.resources.requests, or have the quota raised.',
    ],
    [
      "a quota counts what the collector's pods request",
      quota('pods "otel-0"', "requests.memory=256Mi"),
      'The ResourceQuota "budget" does not allow the pod otel-0 of Kind n/o: it asks for requests.memory=256Mi, u is used, and the limit is l. Lower collector.resources.requests, or have the quota raised.',
    ],
    [
      "a quota counts what a role's pods request",
      quota('pods "tempo-live-store-zone-a-0"', "requests.cpu=2"),
      'The ResourceQuota "budget" does not allow the pod tempo-live-store-zone-a-0 of Kind n/o: it asks for requests.cpu=2, u is used, and the limit is l. Lower tempo.roles.live-store.requests, or have the quota raised.',
    ],
    [
      "a quota counts pods' limits",
      quota('pods "o-0"', "limits.cpu=2"),
      'The ResourceQuota "budget" does not allow the pod o-0 of Kind n/o: it asks for limits.cpu=2, u is used, and the limit is l. Lower tempo.resources.limits, or have the quota raised.',
    ],
  ] as const) {
    it(`when ${rule}`, () => assert.equal(explainFault(words, "Kind n/o"), sentence));
  }

  it("takes for edited by hand what nobody applies again, and only that", () => {
    assert.equal(isEditedByHand(edit), true);
    assert.equal(isEditedByHand(two), false);
    assert.equal(isEditedByHand("dial tcp: timeout"), false);
  });

  it("leaves what it does not know as it is", () => {
    assert.equal(explainFault("admission webhook denied the request", "Kind n/o"), undefined);
  });
});
