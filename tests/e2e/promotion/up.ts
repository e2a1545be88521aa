/** Deploys an environment to the sandbox of a folder, to be killed meanwhile: run by the tests as a process of its own. */
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { enginePrograms } from "../../../engine/backend.ts";
import { ensureTools } from "../../../tools/ensure.ts";
import { quietLog } from "../../../terminal/log.ts";
import { startGuard } from "../../../processes/guard.ts";
import { runMarker } from "../../../processes/marker.ts";
import { openEnvironment, usersBackend, type EnvironmentName } from "./stacks.ts";

const [dir, name] = process.argv.slice(2) as [string, EnvironmentName];
const ofTheTests = process.env[runMarker];
const guard = startGuard();
const tools = await ensureTools(enginePrograms, { guard, log: quietLog });
await guard.keep();
// No guard of its own watches what comes now; that of the tests ends what the kill leaves.
process.env[runMarker] = ofTheTests;
const stack = await openEnvironment(name, usersBackend(sandboxFolder(dir), tools));
await stack.up();
