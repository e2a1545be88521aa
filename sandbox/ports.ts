import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** Ports on 127.0.0.1 by what listens there. */
export type Ports = Readonly<Record<string, number>>;

/**
 * Ports that are free now, one for each name. Another program can take one before it is used: see
 * {@link portIsTaken}.
 */
export async function choosePorts(names: readonly string[]): Promise<Ports> {
  const servers = names.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return Object.fromEntries(names.map((name, index) => [name, ports[index]!]));
}

/** Whether a program's log says that its port was taken. */
export function portIsTaken(log: string): boolean {
  return /address already in use/i.test(log);
}
