import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The texts of nats.js and of Node for a connection that failed, and what they mean for a user of the command. */
const REASONS: readonly (readonly [text: RegExp, reason: string])[] = [
  [/^timeout$/i, 'no nats-server has answered; check the address and the port'],
  [/authorization violation|authentication/i, 'the server rejected the login; check --nkey or --creds'],
  [/does not support 'tls'/, 'the server does not use TLS; connect with nats:// and without --tls-ca'],
  [/^getaddrinfo (?:ENOTFOUND|EAI_AGAIN) /, 'the name of the server is not known'],
  [/certificate|CERT_/i, 'the certificate of the server was not accepted; check --tls-ca and the name of the server'],
  [/^secure tls|tls.*required/i, 'the server needs TLS; connect with tls://'],
];

/** Returns why a connection failed, with the text of the library if it contains more. */
export function reasonOf(error: Error): string {
  const { message } = error;
  const known = REASONS.find(([text]) => text.test(message));
  if (known === undefined) return message;
  return message === 'timeout' ? known[1] : `${known[1]} (${message})`;
}

/** The name of the channel on which Node reports each socket of a client. */
const CHANNEL = 'net.client.socket';

/**
 * The sockets that are made while nats.js connects. It leaves the one to a program that is not a nats-server open, which would keep the
 * command from its end.
 */
export class StartedSockets {
  readonly #sockets: Socket[] = [];

  constructor() {
    subscribe(CHANNEL, this.#add);
  }

  readonly #add = (message: unknown): void => {
    this.#sockets.push((message as { readonly socket: Socket }).socket);
  };

  /** Destroys the sockets. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends the collection. */
  stop(): void {
    unsubscribe(CHANNEL, this.#add);
  }
}
