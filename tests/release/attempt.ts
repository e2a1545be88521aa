import * as pulumi from "@pulumi/pulumi";
import program from "../../index.ts";
import type { Outputs } from "../../stack.ts";

/** What the program asked the engine and made. */
export interface Attempt {
  readonly asked: readonly string[];
  readonly registered: readonly string[];
  readonly outputs: Outputs | undefined;
  readonly failure: Error | undefined;
}

/**
 * Runs the program of `prod` with an engine that answers what stacks have for outputs.
 *
 * @param sections - Laid over settings that every environment takes.
 */
export async function attempt(
  sections: Readonly<Record<string, object>>,
  answer: (stack: string) => object | null,
  { preview = false }: { readonly preview?: boolean } = {},
): Promise<Attempt> {
  const asked: string[] = [];
  const registered: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type !== "pulumi:pulumi:Stack") registered.push(`${type} ${name}`);
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: ({ inputs }) => {
        const { name } = inputs as { name: string };
        asked.push(name);
        return { outputs: answer(name) };
      },
    },
    "llm-tracing",
    "prod",
    preview,
    "acme",
  );
  const settings = Object.entries({ cluster: { context: "prod" }, ...sections });
  pulumi.runtime.setAllConfig({
    "llm-tracing:environment": "prod",
    ...Object.fromEntries(settings.map(([key, value]) => [`llm-tracing:${key}`, JSON.stringify(value)])),
  });
  let failure: Error | undefined;
  let outputs: Outputs | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      outputs = await program();
    } catch (error) {
      failure = error as Error;
    }
    return {};
  });
  await pulumi.runtime.disconnect();
  return { asked, registered, outputs, failure };
}

/** An error as gRPC hands it over. */
export const engineError = (details: string) => Object.assign(new Error(), { details });
