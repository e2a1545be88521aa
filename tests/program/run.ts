import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { renderEnvironment, type Rendering } from "../../engine/rendering.ts";
import { projectName, qualify } from "../../settings/keys.ts";
import type { ConfigValue } from "../../engine/stack-files.ts";

/** A resource as the engine is asked to register it, options included. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Urn of the parent; empty for the stack alone. */
  readonly parent: string;
  /** Reference to the provider; empty when the engine would use its default one. */
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  /** Inputs on the wire: a secret is an object with the SDK's mark around its value. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A Kubernetes object, as far as tests look into it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
  readonly spec?: unknown;
}

/** What the program makes of an environment, and what it asks the engine for. */
export interface Run extends Omit<Rendering, "kubernetes"> {
  readonly registrations: readonly Registration[];
  readonly kubernetes: readonly KubernetesObject[];
}

/** Sections of settings that replace those of the stack file, by their names in it. */
export type Sections = Readonly<Record<string, ConfigValue>>;

/** Runs the real program with a committed stack file. */
export async function run(environment = "dev", sections: Sections = {}): Promise<Run> {
  const overrides = Object.fromEntries(Object.entries(sections).map(([key, value]) => [qualify(key), value]));
  const { registrations, result } = await recorded(() => renderEnvironment(environment, overrides));
  return { ...result, registrations, kubernetes: result.kubernetes as unknown as KubernetesObject[] };
}

/** Runs a piece of a program, such as one component, in a stack of its own. */
export async function construct(program: () => unknown): Promise<readonly Registration[]> {
  await pulumi.runtime.setMocks(
    {
      // Grafana gives a uid to what comes without one.
      newResource: ({ name, inputs }) => ({
        id: name,
        state: { uid: `uid-of-${name}`, ...(inputs as Record<string, unknown>) },
      }),
      call: () => ({}),
    },
    projectName,
    "test",
    false,
  );
  let failure: Error | undefined;
  const { registrations } = await recorded(async () => {
    await pulumi.runtime.runInPulumiStack(() => {
      try {
        program();
      } catch (error) {
        failure = error as Error;
      }
      return Promise.resolve();
    });
    await pulumi.runtime.disconnect();
  });
  if (failure) throw failure;
  return registrations;
}

/** The object of a kind, and of a name when there are several. */
export function objectOf({ kubernetes }: Run, kind: string, name?: string): KubernetesObject {
  const found = kubernetes.filter(
    (object) => object.kind === kind && (!name || object.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`expected one ${kind} ${name ?? ""}, found ${found.length}`);
  return found[0]!;
}

type Register = MockMonitor["registerResource"];
type Answer = (error: unknown, response: RegisterResourceResponse | undefined) => void;

/** The mocks of the SDK do not see parents and options; the requests to the monitor have them. */
async function recorded<T>(work: () => Promise<T>): Promise<{ registrations: Registration[]; result: T }> {
  const registrations: Registration[] = [];
  const register = Object.getOwnPropertyDescriptor(MockMonitor.prototype, "registerResource")!
    .value as Register;
  MockMonitor.prototype.registerResource = function (request: RegisterResourceRequest, answer: Answer) {
    return register.call(this, request, (error: unknown, response: RegisterResourceResponse | undefined) => {
      if (response) registrations.push(registrationOf(request, response.getUrn()));
      answer(error, response);
    });
  };
  try {
    return { result: await work(), registrations };
  } finally {
    MockMonitor.prototype.registerResource = register;
  }
}

const registrationOf = (request: RegisterResourceRequest, urn: string): Registration => ({
  urn,
  type: request.getType(),
  name: request.getName(),
  parent: request.getParent(),
  provider: request.getProvider(),
  protect: request.getProtect() ?? false,
  retainOnDelete: request.getRetainondelete() ?? false,
  dependencies: request.getDependenciesList(),
  inputs: request.getObject()?.toJavaScript() ?? {},
});
