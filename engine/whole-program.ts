import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as server from "@pulumi/pulumi/automation/server.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

/*
 * The SDK tells the engine that a program ended well also where it lost the engine on the way: it takes every
 * UNAVAILABLE and CANCELLED for an engine that is ending (`automation/server.ts`, `runtime/resource.ts`). An engine
 * that is not then deletes whatever was not registered. What is used here is not in the SDK's types; the tests hold it
 * to be there.
 */

type Answer = (error: Error | null | undefined, response?: unknown) => void;

/** What runs an inline program for the engine, once for every operation. */
interface LanguageServer {
  readonly program: PulumiFn;
  run: (this: LanguageServer, call: unknown, answer: Answer) => Promise<void>;
}

const { LanguageServer } = server as unknown as { LanguageServer: { readonly prototype: LanguageServer } };
const { getStore } = state as unknown as { getStore: () => { readonly terminated: boolean } };
const { grpcClientOptions, waitForRPCs } = pulumi.runtime as unknown as {
  grpcClientOptions: Record<string, unknown>;
  waitForRPCs: () => Promise<void>;
};

const lost =
  "The program lost Pulumi's engine before everything was registered. Nothing was deleted; run this again.";

/** Makes every inline program of this process fail that did not register all it is made of. To be called once. */
export function refusePartsOfPrograms(): void {
  // A client of an engine that is gone tries to reach it for half an hour. Left to share connections, it lends the
  // refusal to the client of a new engine that was given the same port.
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;

  const { run } = LanguageServer.prototype;
  LanguageServer.prototype.run = function (call, answer) {
    let [isWhole, isAnswered] = [false, false];
    const whole: PulumiFn = async () => {
      const outputs = await this.program();
      // Here, as the engine begins to delete as soon as it is told that the program ended.
      await waitForRPCs();
      if (getStore().terminated) throw new Error(lost);
      isWhole = true;
      return outputs;
    };
    const guarded = Object.create(this, { program: { value: whole } }) as LanguageServer;
    return run.call(guarded, call, (error, response) => {
      // The SDK answers a second time after a failure.
      if (isAnswered) return;
      isAnswered = true;
      if (error || isWhole) answer(error, response);
      else answer(new Error(lost));
    });
  };
}
