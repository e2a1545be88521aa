import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can be cut, or lead to another. */
export interface Gate {
  /** Its own address. */
  readonly url: string;
  /** Leads to that server from now on, or to none. */
  lead(to: string | undefined): void;
  close(): void;
}

/** Opens a way to a server. */
export async function openGate(to: string): Promise<Gate> {
  let target: string | undefined = to;
  const sockets = new Set<Socket>();
  const add = (socket: Socket) => {
    sockets.add(socket);
    // Who it is for sees that it is closed.
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    return socket;
  };
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    if (target === undefined) return client.destroy();
    const { hostname, port } = new URL(target);
    const behind = add(connect(Number(port), hostname));
    add(client).pipe(behind).pipe(client);
    client.on("close", () => behind.destroy());
    behind.on("close", () => client.destroy());
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (to) => {
      target = to;
      cut();
    },
    close: () => {
      server.close();
      cut();
    },
  };
}
