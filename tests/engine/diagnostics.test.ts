import assert from "node:assert/strict";
import { Diagnostics } from "../../engine/diagnostics.ts";

const said = (severity: "warning" | "error", message: string) => ({
  diagnosticEvent: { severity, message: `${message}\n`, color: "never" },
});

const race =
  'FailedUpdate: could not update claim queue-otel-0: Operation cannot be fulfilled on persistentvolumeclaims "queue-otel-0": ' +
  "the object has been modified; please apply your changes to the latest version and try again";

describe("what the engine says of an operation", () => {
  it("leaves out a controller's write that lost a race, which it repeats by itself", () => {
    assert.equal(new Diagnostics().take(said("warning", race) as never).diagnosticEvent, undefined);
  });

  it("keeps it where it made the operation fail, and other warnings", () => {
    const diagnostics = new Diagnostics();
    assert.ok(diagnostics.take(said("warning", "FailedMount: no volume") as never).diagnosticEvent);
    assert.ok(diagnostics.take(said("error", race) as never).diagnosticEvent);
    assert.equal(diagnostics.errors.size, 1);
  });
});
