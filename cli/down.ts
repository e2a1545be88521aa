import { Command } from "commander";
import { stopSandbox } from "../sandbox/sandbox.ts";
import { streamLog } from "../terminal/log.ts";
import { main } from "./main.ts";

await main(
  new Command("down").description("Stops the sandbox. What it holds stays in .sandbox.").action(async () => {
    const log = streamLog(process.stdout);
    const stopped = await log.step("Stopping the sandbox", 2, () => stopSandbox());
    log.line(
      stopped.length === 0
        ? "Nothing was running."
        : `Stopped: ${stopped.join(", ")}. What it holds stays in .sandbox: make up goes on from there, make clean forgets it.`,
    );
  }),
);
