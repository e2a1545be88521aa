import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { printable, shorten } from "../settings/keys.ts";
import { capacityFor } from "../settings/roles.ts";
import { outputsOf } from "./stack-outputs.ts";

/** What a stack has stored, as far as an update could lose it. One of its outputs, which the next update is held against. */
export interface Stored {
  readonly mode: Settings["tempo"]["mode"];
  /** Where the blocks of its traces are. */
  readonly blocks: string;
  /** Partitions that are written to, where Tempo is distributed. */
  readonly partitions?: number;
}

/** What a stack of these settings stores. */
export const storedBy = (settings: Settings): Stored => ({
  mode: settings.tempo.mode,
  blocks: placeOf(settings.tempo),
  ...(settings.tempo.mode === "distributed" && { partitions: capacityFor(settings).partitions }),
});

function placeOf({ storage }: Settings["tempo"]): string {
  switch (storage.backend) {
    case "local":
      return "its volume";
    case "s3":
      return `the bucket ${storage.bucket} at ${storage.endpoint}`;
    case "gcs":
      return `the bucket ${storage.bucket} of Google Cloud Storage`;
    case "azure":
      return `the container ${storage.container} of the storage account ${storage.account}`;
  }
}

/** What a stack has stored, among its outputs; undefined when it was never deployed, or by a version that did not tell. */
export function storedIn(outputs: Readonly<Record<string, unknown>> | null | undefined): Stored | undefined {
  const { mode, blocks, partitions } = (outputs?.["stored"] ?? {}) as Record<string, unknown>;
  return (mode === "monolithic" || mode === "distributed") && typeof blocks === "string"
    ? { mode, blocks, ...(typeof partitions === "number" && { partitions }) }
    : undefined;
}

/**
 * Asks the engine what this stack has stored until now, and refuses an update that would lose it without a reason. A preview goes on
 * with a warning, and so does a run that cannot read the state. To be awaited before any resource is registered.
 *
 * @returns what the stack stores from now on
 * @throws UserError that says what would be lost, by which setting, and what to do
 */
export async function checkStored(settings: Settings): Promise<Stored> {
  const { environment, tempo } = settings;
  const ran = await storedUntilNow(environment);
  const losses = ran ? lossesOf(ran, settings) : [];
  if (losses.length > 0 && tempo.acceptLoss === undefined) {
    const refusal = refusalOf(environment, losses);
    if (!pulumi.runtime.isDryRun()) throw new UserError(refusal);
    await pulumi.log.warn(`Up will refuse this: ${refusal}`);
  } else if (losses.length > 0) {
    await pulumi.log.warn(`Loss accepted: ${tempo.acceptLoss}. But ${told(losses)}`);
  } else if (ran && tempo.acceptLoss !== undefined) {
    await pulumi.log.warn(
      `tempo.acceptLoss is not needed: nothing is lost. Remove it: pulumi config rm --stack ${environment} --path tempo.acceptLoss`,
    );
  }
  return storedBy(settings);
}

async function storedUntilNow(stack: string): Promise<Stored | undefined> {
  try {
    return storedIn(await outputsOf(stack));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(`Cannot tell what "${stack}" has stored, and whether this would lose it: ${words}`);
    return undefined;
  }
}

/** Something that an update would lose. */
export interface Loss {
  /** What runs, what is asked for, and by which setting. */
  readonly what: string;
  /** What to do before, or instead. */
  readonly next: string;
}

/** What is lost of what a stack has stored when it goes on with other settings. */
export function lossesOf(ran: Stored, settings: Settings): Loss[] {
  const next = storedBy(settings);
  return [
    ...(ran.blocks === next.blocks ? [] : [otherPlace(ran, next)]),
    ...(ran.partitions !== undefined && next.partitions !== undefined && next.partitions < ran.partitions
      ? [fewerPartitions(ran.partitions, next.partitions, settings)]
      : []),
  ];
}

function otherPlace(ran: Stored, next: Stored): Loss {
  // Whoever may write a state could make a terminal do what they like by it.
  const place = shorten(printable(ran.blocks));
  const change =
    ran.mode === next.mode
      ? `Traces are in ${place}, and tempo.storage puts them in ${next.blocks}`
      : `Tempo is ${ran.mode} with traces in ${place}; tempo.mode and tempo.storage make it ${next.mode} with traces in ${next.blocks}`;
  return {
    what: `${change}: those that are stored are not found any more.`,
    next: 'docs/scale.md, "The way there, and back"; or leave it as it is until nobody asks for the old traces.',
  };
}

function fewerPartitions(ran: number, next: number, { environment, kafka, namespace }: Settings): Loss {
  const key =
    kafka?.partitions === undefined ? "traffic (kafka.partitions is not set) asks" : "kafka.partitions asks";
  return {
    what:
      `Spans are written to ${ran} partitions, and ${key} for ${next}: what is in the others and undrained is not stored, ` +
      "and every question fails for 35 minutes.",
    next:
      `drain them, from the highest on: kubectl -n ${namespace.name} port-forward pod/tempo-live-store-zone-a-${ran - 1} 3200, ` +
      `and on as in docs/scale.md, "More partitions, and fewer". To keep them: pulumi config set --stack ${environment} --path kafka.partitions ${ran}`,
  };
}

const told = (losses: readonly Loss[]): string => losses.map(({ what }) => what).join(" ");

const refusalOf = (stack: string, losses: readonly Loss[]): string =>
  [
    `"${stack}" would lose traces. ${told(losses)}`,
    ...losses.map(({ next }) => `Next: ${next}`),
    `To let it come all the same, or when that is done, say why: pulumi config set --stack ${stack} --path tempo.acceptLoss "<reason>"`,
  ].join("\n");
