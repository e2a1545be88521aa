/** Starts a sandbox in the folder given and waits to be killed: run by the tests as a process of its own. */
import { sandboxPrograms, startSandbox } from "../../sandbox/sandbox.ts";
import { ensureTools } from "../../tools/ensure.ts";
import { quietLog } from "../../terminal/log.ts";
import { startGuard } from "../../processes/guard.ts";

const guard = startGuard();
const tools = await ensureTools(sandboxPrograms, { guard, log: quietLog });
const started = startSandbox({ dir: process.argv[2]!, guard, tools, log: quietLog });
process.stdout.write("starting\n");
await started;
process.stdout.write("started\n");
setInterval(() => undefined, 60_000);
