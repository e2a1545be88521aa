import assert from "node:assert/strict";
import { calmOutput } from "../../engine/pulumi-output.ts";
import { kubernetesProviderVersion } from "../../tools/programs.ts";

describe("Pulumi's progress", () => {
  const calm = (...pieces: string[]) => {
    let text = "";
    const sink = calmOutput((piece) => (text += piece));
    pieces.forEach((piece) => sink.write(piece));
    sink.end();
    return text;
  };
  const warning = (version: string) =>
    `warning: resource plugin kubernetes is expected to have version >=4.34.2, but has ${version}; the wrong version may be on your path`;
  const ours = warning(kubernetesProviderVersion);

  it("passes on what it does not know", () => {
    const text = "Updating (dev):\n\n +  k:core/v1:Namespace n created (0s)\nResources:\n    + 1 created\n";
    assert.equal(calm(text), text);
  });

  it("puts lines together that come in pieces", () => {
    assert.equal(calm("Upd", "ating (d", "ev):\nDur", "ation: 1s"), "Updating (dev):\nDuration: 1s\n");
  });

  it("says a row once", () => {
    const row = " +  kubernetes:core/v1:Namespace n creating (0s)\n";
    assert.equal(calm(row, row, row), row);
  });

  it("leaves out the warning about the provider built here, and the diagnostics when nothing else is in them", () => {
    const row = " +  pulumi:pulumi:Stack s creating (0s)";
    const text = `${row} ${ours}\n${row}\nDiagnostics:\n  pulumi:pulumi:Stack (s):\n    ${ours}\n\nResources:\n`;
    assert.equal(calm(text), `${row}\n\nResources:\n`);
  });

  it("counts that warning nowhere, in colours or without", () => {
    const row = " +  pulumi:pulumi:Stack s create";
    const text = `${row} ${ours}\n${row} \x1b[0m\x1b[93m1 warning\x1b[0m\n`;
    assert.doesNotMatch(calm(text), /warning/);
  });

  it("keeps the warning about any other version", () => {
    const text = `Diagnostics:\n  pulumi:pulumi:Stack (s):\n    ${warning("3.1.0")}\n`;
    assert.equal(calm(text), text);
  });

  it("says an error once that comes twice, and keeps equal lines elsewhere", () => {
    const error = "    error: refused\n    Next: this\n";
    const rest = "Outputs:\n    a: [\n    ]\n    b: [\n    ]\n";
    const heading = "Diagnostics:\n  pulumi:pulumi:Stack (s):\n";
    assert.equal(calm(heading, error, error, rest), heading + error + rest);
  });

  it("keeps other diagnostics, under their own heading", () => {
    const text =
      `Diagnostics:\n  pulumi:pulumi:Stack (s):\n    ${ours}\n\n` +
      "  kubernetes:apps/v1:StatefulSet (tempo):\n    error: 2 errors occurred:\n    \t* it failed\n";
    assert.equal(
      calm(text),
      "Diagnostics:\n  kubernetes:apps/v1:StatefulSet (tempo):\n    error: 2 errors occurred:\n    \t* it failed\n",
    );
  });
});
