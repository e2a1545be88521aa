import { appendFileSync } from "node:fs";
import mocha, { type Runner, type MochaOptions } from "mocha";

/** Mocha's usual output; and, with MOCHA_REPORT set, a line of counts added to that file. */
export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env["MOCHA_REPORT"];
    if (!file) return;
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      appendFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
}
