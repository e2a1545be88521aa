import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as server from "@pulumi/pulumi/automation/server.js";
import engineCalls from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import monitorCalls from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import "../../engine/stack.ts";

type Handler = grpc.handleUnaryCall<{ getName(): string }, unknown>;

const { LanguageServer } = server as unknown as {
  LanguageServer: new (program: PulumiFn) => {
    run(call: unknown, answer: (error: Error | null) => void): Promise<void>;
  };
};
const { grpcClientOptions } = pulumi.runtime as unknown as { grpcClientOptions: grpc.ClientOptions };
const services = { ...engineCalls, ...monitorCalls } as unknown as Record<
  "EngineService" | "ResourceMonitorService",
  grpc.ServiceDefinition
>;

const nothing: Handler = (_call, answer) => answer(null, new emptyMessages.Empty());
const unavailable = { code: grpc.status.UNAVAILABLE, details: "gone" };
const lost = /^The program lost Pulumi's engine/;

class Leaf extends pulumi.CustomResource {}

/** A fake engine, as the SDK meets it. */
interface Engine {
  /** Where it is; any free port by default. */
  readonly port?: number;
  /** Whether its own address, beside that of its monitor, answers. */
  readonly answers?: boolean;
  /** Resources for which the monitor is not reached. */
  readonly without?: readonly string[];
}

describe("a program that loses the engine", () => {
  const servers: grpc.Server[] = [];
  afterEach(() => servers.splice(0).forEach((each) => each.forceShutdown()));

  async function listen(name: keyof typeof services, handlers: Record<string, Handler>, port = 0) {
    const all = Object.keys(services[name]).map((call) => [call, handlers[call] ?? nothing]);
    const listening = new grpc.Server();
    servers.push(listening);
    listening.addService(services[name], Object.fromEntries(all) as grpc.UntypedServiceImplementation);
    return new Promise<number>((resolve, reject) =>
      listening.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
  }

  /** Runs a program, and tells what the engine comes to know of it. */
  async function run(program: PulumiFn, { port, answers = true, without = [] }: Engine = {}) {
    const registered: string[] = [];
    let isEnded = false;
    const monitor = await listen("ResourceMonitorService", {
      getDeploymentInfo: (_call, answer) => answer(null, new monitorMessages.DeploymentInfo()),
      registerResource: ({ request }, answer) => {
        const name = request.getName();
        if (without.includes(name)) return answer(unavailable);
        registered.push(name);
        const response = new monitorMessages.RegisterResourceResponse();
        response.setUrn(`urn:pulumi:dev::test::a:b:C::${name}`);
        response.setId(name);
        answer(null, response);
      },
      signalAndWaitForShutdown: (call, answer) => {
        isEnded = true;
        nothing(call, answer);
      },
    });
    const engine = await listen(
      "EngineService",
      {
        // Late: an error that comes while the SDK still logs does not escape it.
        setRootResource: (_call, answer) =>
          void wait(50).then(() =>
            answers ? answer(null, new engineMessages.SetRootResourceResponse()) : answer(unavailable),
          ),
      },
      port,
    );
    const request = new languageMessages.RunRequest();
    request.setProject("test");
    request.setStack("dev");
    request.setParallel(16);
    request.setMonitorAddress(`127.0.0.1:${monitor}`);
    request.setArgsList([`127.0.0.1:${engine}`]);
    const error = await new Promise<Error | null>((resolve) => {
      void new LanguageServer(program).run({ request }, resolve);
    });
    return { failure: error?.message ?? "", registered, isEnded };
  }

  const twoResources: PulumiFn = () => {
    for (const name of ["one", "two"]) new Leaf("a:b:C", name, { key: "value" });
    return Promise.resolve({});
  };
  const whole = { failure: "", registered: ["test-dev", "one", "two"], isEnded: true };

  it("is no program that keeps it", async () => {
    assert.deepEqual(await run(twoResources), whole);
    assert.equal((await run(() => Promise.resolve({}))).failure, "");
    assert.equal((await run(() => Promise.reject(new Error("refused")))).failure, "refused");
  });

  it("fails where it does not even begin, and the engine goes on to no deletion", async () => {
    const { failure, ...seen } = await run(twoResources, { answers: false });
    assert.deepEqual(seen, { registered: ["test-dev"], isEnded: false });
    assert.match(failure, lost);
  });

  it("fails where it loses it in the middle", async () => {
    const { failure, ...seen } = await run(twoResources, { without: ["two"] });
    assert.deepEqual(seen, { registered: ["test-dev", "one"], isEnded: false });
    assert.match(failure, lost);
  });

  it("is not one whose engine has the port of another that was lost", async () => {
    const port = await listen("EngineService", {});
    servers.splice(0).forEach((each) => each.forceShutdown());
    const Client = grpc.makeGenericClientConstructor({}, "any");
    const late = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), grpcClientOptions);
    const ask = () =>
      new Promise((resolve) => late.makeUnaryRequest("/a/b", () => Buffer.of(), String, null, resolve));
    await ask();
    await wait(1500);
    await ask();
    assert.deepEqual(await run(twoResources, { port }), whole);
    late.close();
  });
});
