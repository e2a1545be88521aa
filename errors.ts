/** A mistake that the user can mend. Shown as its message alone, never with a stack trace. */
export class UserError extends Error {
  /** Exit code of the command that ends with this error: 1 for a failure, 2 for wrong use. */
  readonly exitCode: number;

  /** The mark by which Pulumi's engine, too, shows the message alone (`RunError.isInstance`). */
  readonly __pulumiRunError = true;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
