import { UserError } from "../errors.ts";

/** A program that this machine neither has nor can get. Tests that need it are skipped; everything else goes on. */
export class ToolUnavailable extends UserError {
  readonly program: string;
  readonly reason: string;

  constructor(program: string, reason: string, advice: string) {
    super(`${program} is not on this machine and cannot be had: ${reason}\n${advice}`);
    this.name = "ToolUnavailable";
    this.program = program;
    this.reason = reason;
  }
}
