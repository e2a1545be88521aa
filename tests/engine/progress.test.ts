import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { Progress, type ProgressOptions } from "../../engine/progress.ts";
import { kubernetesProviderVersion } from "../../tools/programs.ts";

type Told = Partial<EngineEvent>;

const urn = "urn:pulumi:dev::llm-tracing::llm-tracing:index:LlmTracing$kubernetes:core/v1:Service::tempo";

const step = (op: OpType, more: Partial<StepEventMetadata> = {}): StepEventMetadata => ({
  op,
  urn,
  type: "kubernetes:core/v1:Service",
  provider: "",
  ...more,
});
const begins = (op: OpType, more?: Partial<StepEventMetadata>): Told => ({
  resourcePreEvent: { metadata: step(op, more) },
});
const ends = (op: OpType): Told => ({ resOutputsEvent: { metadata: step(op) } });
const diagnostic = (
  severity: "info" | "warning" | "error",
  message: string,
  more: { urn?: string; ephemeral?: boolean } = {},
): Told => ({ diagnosticEvent: { severity, message: `${message}\n`, color: "never", ...more } });
const status = (message: string): Told => diagnostic("info", message, { urn, ephemeral: true });
const summary = (resourceChanges: Partial<Record<OpType, number>>): Told => ({
  summaryEvent: { maybeCorrupt: false, durationSeconds: 75, resourceChanges, policyPacks: {} },
});
const versionWarning = (version: string) =>
  `resource plugin kubernetes is expected to have version >=4.34.2, but has ${version}; the wrong version may be on your path`;

describe("the engine's progress", () => {
  const shown = (events: readonly Told[], options: Partial<ProgressOptions> = {}): string => {
    let text = "";
    const progress = new Progress((piece) => (text += piece), {
      color: false,
      diagnosticsOnly: false,
      ...options,
    });
    events.forEach((event, sequence) => progress.take({ sequence, timestamp: 0, ...event }));
    progress.end();
    return text;
  };

  it("shows when a step begins and when it is done", () => {
    assert.match(
      shown([begins("create"), ends("create")]),
      /^ \+ {2}kubernetes:core\/v1:Service tempo creating\n \+ {2}kubernetes:core\/v1:Service tempo created \(\d+(\.\d)? s\)\n$/,
    );
  });

  it("shows nothing of what stays as it is, nor an end without a beginning", () => {
    assert.equal(shown([begins("same"), ends("same"), ends("create")]), "");
  });

  it("shows that a step failed", () => {
    const failed = { resOpFailedEvent: { metadata: step("update"), status: 1, steps: 0 } };
    assert.match(shown([begins("update"), failed]), / ~ {2}\S+ tempo update failed \(/);
  });

  it("names the properties that change, each once", () => {
    const change = { diffKind: "update", inputDiff: true } as never;
    const detailedDiff = { "spec.ports[0].port": change, 'metadata.labels["a.b"]': change, spec: change };
    assert.equal(
      shown([begins("update", { detailedDiff })]),
      " ~  kubernetes:core/v1:Service tempo updating [spec, metadata]\n",
    );
  });

  it("shows an operation that it has no words for by its name", () => {
    assert.match(shown([begins("import")]), /Service tempo import\n$/);
  });

  it("says of a plan what would be done, once", () => {
    const plan = [
      { resourcePreEvent: { metadata: step("delete"), planning: true } },
      { resOutputsEvent: { metadata: step("delete"), planning: true } },
      summary({ delete: 1, same: 2 }),
    ];
    assert.equal(
      shown(plan),
      " -  kubernetes:core/v1:Service tempo delete\n\nResources:\n    - 1 to delete\n    2 unchanged\n",
    );
  });

  it("counts what was done, and says how long it took", () => {
    assert.equal(
      shown([summary({ create: 2, replace: 1 })]),
      "\nResources:\n    + 2 created\n    +- 1 replaced\n\nDuration: 1 min 15 s\n",
    );
  });

  it("shows what a step waits for, when that changes", () => {
    assert.equal(
      shown([
        begins("create"),
        status("waiting for Pods"),
        status("waiting for Pods"),
        status(""),
        status("complete"),
      ]),
      " +  kubernetes:core/v1:Service tempo creating\n" +
        "    kubernetes:core/v1:Service tempo: waiting for Pods\n    kubernetes:core/v1:Service tempo: complete\n",
    );
  });

  it("shows what was changed or deleted in the cluster, with who did it, and nothing of what was only read", () => {
    const entry = (manager: string, time: string) => ({ manager, time });
    const managedFields = [
      entry("kubectl-edit", "2026-11-25T12:00:00Z"),
      entry("pulumi-kubernetes-1a2b", "2026-11-25T13:00:00Z"),
      entry("helm", "2026-11-24T12:00:00Z"),
    ];
    const found = { outputs: { metadata: { managedFields } } } as never;
    const change = { diffKind: "update", inputDiff: false } as never;
    const read = (more: Partial<StepEventMetadata>): Told => ({
      resOutputsEvent: { metadata: step("refresh", more) },
    });
    const [changed, same, deleted] = [
      read({ new: found, detailedDiff: { "spec.ports[0].port": change } }),
      read({ new: found, detailedDiff: {} }),
      read({}),
    ];
    assert.equal(
      shown([
        begins("refresh"),
        changed,
        begins("refresh"),
        same,
        begins("refresh"),
        status("ready"),
        deleted,
      ]),
      " !  kubernetes:core/v1:Service tempo was changed [spec] by kubectl-edit (2026-11-25T12:00:00Z) since the last deployment\n" +
        " !  kubernetes:core/v1:Service tempo was deleted since the last deployment\n",
    );
  });

  it("shows each diagnostic once, below its resource and after the steps", () => {
    const error = diagnostic("error", "it failed:\n  * really", { urn });
    assert.match(
      shown([diagnostic("error", "refused"), error, error, begins("create")]),
      /creating\n\nDiagnostics:\n {4}error: refused\n {2}kubernetes:core\/v1:Service \(tempo\):\n {4}error: it failed:\n {6}\* really\n$/,
    );
  });

  it("leaves out the warning about the provider built here, and no other", () => {
    assert.equal(shown([diagnostic("warning", versionWarning(kubernetesProviderVersion))]), "");
    assert.match(shown([diagnostic("warning", versionWarning("3.1.0"))]), /warning: .*but has 3\.1\.0/);
    assert.match(shown([diagnostic("error", versionWarning(kubernetesProviderVersion))]), /error: /);
  });

  it("leaves out what the engine says for its own developers", () => {
    const debug = { diagnosticEvent: { severity: "debug", message: "RPC", color: "never" } };
    assert.equal(shown([debug as never]), "");
  });

  it("has diagnostics alone where Pulumi's own text has the rest", () => {
    const text = shown(
      [
        begins("create"),
        status("waiting"),
        ends("create"),
        diagnostic("error", "no"),
        summary({ create: 1 }),
      ],
      { diagnosticsOnly: true },
    );
    assert.equal(text, "\nDiagnostics:\n    error: no\n");
  });

  it("is the same text in colours, without Pulumi's own marks of them", () => {
    const events = [
      begins("create"),
      diagnostic("error", "<{%reset%}>no<{%reset%}>"),
      summary({ create: 1 }),
    ];
    const colored = shown(events, { color: true });
    assert.notEqual(colored, shown(events));
    assert.equal(stripVTControlCharacters(colored), shown(events));
    assert.match(shown(events), /error: no\n/);
  });
});
