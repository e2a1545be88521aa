import * as pulumi from "@pulumi/pulumi";

/**
 * The engine's own function behind `StackReference`. That is a resource: it fails where the stack does not exist, and
 * shows as drift as soon as the other stack moves on (`builtins.go` in pulumi/pulumi).
 */
export const readStackOutputs = "pulumi:pulumi:readStackOutputs";

/**
 * What a stack of this project last told, this very one among them; undefined where it does not exist, null where it has told
 * nothing yet. On backends of one's own every organization is called `organization`; `getOrganization` knows.
 *
 * @throws Error with the engine's words when it cannot be read
 */
export async function outputsOf(
  stack: string,
): Promise<Readonly<Record<string, unknown>> | null | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  try {
    const { outputs } = (await pulumi.runtime.invoke(readStackOutputs, { name })) as {
      outputs: Record<string, unknown> | null;
    };
    return outputs;
  } catch (error) {
    if (error instanceof Error && error.message.includes("unknown stack")) return undefined;
    throw error;
  }
}
