import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A place between a client and its server that can be cut. */
export class Proxy {
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  /** @param to - The port of the server at the loopback. */
  constructor(to: number) {
    this.#to = to;
  }

  /** Accepts connections, and returns the port: the same one after a cut. */
  async listen(): Promise<number> {
    this.#server = createServer((client) => {
      const server = connect(this.#to, '127.0.0.1');
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
      }
      client.pipe(server).pipe(client);
    }).listen(this.#port, '127.0.0.1');
    this.#server.unref();
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Ends all connections, and accepts no other one until `listen`. */
  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
