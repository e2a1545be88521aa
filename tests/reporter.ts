import { appendFileSync } from "node:fs";
import mocha, { type Runner, type MochaOptions } from "mocha";

/** How long what the tests used may take to go once they ended, in milliseconds. */
const farewell = 30_000;

/**
 * Mocha's usual output; and, with MOCHA_REPORT set, a line of counts added to that file. A test that leaves something
 * open, such as a server, keeps the process from ending: then it fails and says what that is. Suites that run two at a time
 * have processes of their own, which mocha ends.
 */
export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.once("end", () => setTimeout(failOpen, farewell).unref());
    const file = process.env["MOCHA_REPORT"];
    if (!file) return;
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      appendFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
}

/** Runs only in a process that something else still keeps. */
function failOpen(): never {
  console.error(`The tests ended, and left open: ${process.getActiveResourcesInfo().join(", ")}.`);
  // Mocha's own listener, which comes first, sets the number of failures.
  process.once("exit", () => (process.exitCode = 1));
  process.exit();
}
