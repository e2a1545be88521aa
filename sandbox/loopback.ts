import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SandboxFolder } from "./folder.ts";

/** Addresses on this machine's loopback, by what listens there on the ports that it would have in a pod. */
export type Addresses = Readonly<Record<string, string>>;

interface Network {
  /** Three numbers, such as `127.34.5`. */
  readonly prefix: string;
  readonly addresses: Addresses;
}

const fileOf = ({ root }: SandboxFolder): string => path.join(root, "loopback.json");

/** The addresses that were given last. */
export function addressesIn(folder: SandboxFolder): Addresses {
  return networkIn(folder)?.addresses ?? {};
}

/**
 * An address for each name, in a network that the sandbox chose once and nobody else is likely to be in. Who has one keeps it; those of
 * others are given again.
 */
export function giveAddresses(folder: SandboxFolder, names: readonly string[]): Addresses {
  const { prefix, addresses: known } = networkIn(folder) ?? { prefix: anyPrefix(), addresses: {} };
  const addresses = addressesFor(prefix, known, names);
  mkdirSync(folder.root, { recursive: true });
  writeFileSync(fileOf(folder), JSON.stringify({ prefix, addresses } satisfies Network, undefined, 2));
  return addresses;
}

/** Lets another network be chosen: somebody is in this one. */
export const forgetAddresses = (folder: SandboxFolder): void => rmSync(fileOf(folder), { force: true });

/** An address of a network for each name: the one that it has, else the first that nobody has. */
export function addressesFor(prefix: string, known: Addresses, names: readonly string[]): Addresses {
  const kept = names.filter((name) => known[name]?.startsWith(`${prefix}.`));
  const taken = new Set(kept.map((name) => known[name]));
  const free = Array.from({ length: 253 }, (_, index) => `${prefix}.${index + 2}`).filter(
    (address) => !taken.has(address),
  );
  return Object.fromEntries(names.map((name) => [name, kept.includes(name) ? known[name]! : free.shift()!]));
}

const anyPrefix = (): string => `127.${1 + anyBelow(254)}.${anyBelow(255)}`;
const anyBelow = (limit: number): number => Math.floor(Math.random() * limit);

function networkIn(folder: SandboxFolder): Network | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(folder), "utf8")) as Network;
  } catch {
    return undefined;
  }
}
