import { UserError } from "../errors.ts";
import type { ProgramName } from "./programs.ts";

/** A program that this machine neither has nor can get. Tests that need it are skipped; everything else goes on. */
export class ToolUnavailable extends UserError {
  readonly program: ProgramName;
  readonly reason: string;

  constructor(program: ProgramName, reason: string, advice: string) {
    super(`${program} is not on PATH and cannot be built: ${reason}\n${advice}`);
    this.name = "ToolUnavailable";
    this.program = program;
    this.reason = reason;
  }
}
