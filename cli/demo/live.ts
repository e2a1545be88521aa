import type { Backends } from "../../sandbox/trace-backends.ts";
import { waitFor } from "../../clients/wait.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import type { Settings } from "../../settings.ts";
import type { Signals } from "../../telemetry/signals.ts";
import type { Log } from "../../terminal/log.ts";
import { startGuard } from "../../processes/guard.ts";
import { casesOf, drive, withPlatform } from "../../traffic/live/all.ts";
import { ask, unchosen } from "../../clients/ask.ts";

/** Where and for whom applications are run. */
export interface Show {
  readonly log: Log;
  readonly folder: SandboxFolder;
  readonly backends: Backends;
  readonly settings: Settings;
  readonly signals: Signals;
}

const settleSeconds = 20;
const deadlineSeconds = 240;

/** Drives the real Open WebUI and LiteLLM through every case, and waits until all of it is counted. */
export async function liveTraffic({ log, folder, backends, settings, signals }: Show): Promise<void> {
  const from = Date.now() / 1000;
  const guard = startGuard();
  try {
    await withPlatform({ guard, log, folder, backends, settings }, async (platform) => {
      const { litellm, openWebui } = await casesOf(platform);
      const title = `Driving ${litellm.length + openWebui.length} cases of chats, answers and failures`;
      await log.step(title, 75, async () => {
        await drive(platform, litellm);
        await drive(platform, openWebui);
      });
    });
  } finally {
    await guard.stop();
  }
  await log.step("Waiting until every call is in the topology", 90, () =>
    settled(async () => {
      const variables = { ...unchosen, environment: settings.environment };
      const answer = await ask(signals.topology.queries[0], backends, {
        from,
        to: Date.now() / 1000,
        variables,
      });
      return answer.kind === "map" ? answer.edges : [];
    }),
  );
}

/** Waits until calls are there and rise no more. */
async function settled(edges: () => Promise<readonly { readonly calls: number }[]>): Promise<void> {
  let before = 0;
  const same = async () => {
    const calls = (await edges()).reduce((total, edge) => total + edge.calls, 0);
    const stands = calls > 0 && calls === before;
    before = calls;
    return stands;
  };
  await waitFor("the calls to be counted", deadlineSeconds, same, { pauseSeconds: settleSeconds });
}
