import { expect } from 'chai';
import { encodeFrame } from '../../lib/fleet/remote/frames.js';
import { encodeMessage } from '../../lib/index.js';
import { HOST, ServedHost, links } from './served-host.js';

const LIMIT = 65_536;
/** The types of RTM_NEWLINK, which the policy rejects, and of RTM_GETLINK. */
const NEWLINK = 16;

/** The flag of a frame whose body continues in the next one. */
const MORE = 1;

describe('memory of all remote sockets of a host', () => {
  const host = new ServedHost();
  afterEach(() => host.reset());

  /** A client that reads nothing of what the host sends to it. */
  class Client {
    readonly #client: string;
    readonly #id: string;
    readonly #nats = host.nats.connect();
    #counter = 0;

    /** @param name - `CLIENT.SOCKET`, or one name for both. */
    constructor(name: string) {
      const [client = '', socket = client] = name.split('.');
      this.#client = client;
      this.#id = socket.padEnd(12, 'x');
    }

    async open(): Promise<void> {
      const request = { version: 1, id: this.#id, protocol: 0, datagramSize: 65536, window: 1 << 20, options: {}, groups: [] };
      const reply = `rxf.nl.${HOST}.${this.#client}.${this.#id}.welcome`;
      await this.#nats.request(`rxf.nl.${HOST}.open`, JSON.stringify(request), { timeout: 5000, noMux: true, reply });
    }

    #send(frame: Uint8Array): void {
      this.#nats.publish(`rxf.nl.${HOST}.${this.#client}.${this.#id}.tx`, frame);
    }

    /** Sends requests that the policy rejects; the answer to each has at least the bytes of two headers. */
    rejected(count: number): void {
      const datagram = encodeMessage({ type: NEWLINK, flags: 5, payload: new Uint8Array(16) });
      for (let sent = 0; sent < count; sent++) this.#send(encodeFrame(1, this.#counter++, 0, datagram));
    }

    /** Sends the first part of a datagram. */
    part(bytes: number): void {
      const frame = encodeFrame(1, this.#counter++, 0, new Uint8Array(bytes));
      frame[1] = MORE;
      this.#send(frame);
    }

    acknowledge(bytes: number): void {
      this.#send(encodeFrame(5, this.#counter++, bytes));
    }

    /** The bytes of slabs that the host has sent. */
    get received(): number {
      const sent = host.nats.published.filter(
        ({ subject, data }) => subject === `rxf.nl.${HOST}.${this.#client}.${this.#id}.rx` && data[0] === 1,
      );
      return sent.reduce((sum, { data }) => sum + data.byteLength - 12, 0);
    }

    /** The text with which the host ended the socket. */
    get end(): string | undefined {
      const sent = host.nats.published.find(
        ({ subject, data }) => subject === `rxf.nl.${HOST}.${this.#client}.${this.#id}.rx` && data[0] === 3,
      );
      return sent && (JSON.parse(new TextDecoder().decode(sent.data.subarray(12))) as { readonly message: string }).message;
    }
  }

  async function clients(...names: readonly string[]): Promise<readonly Client[]> {
    const kernel = links();
    await host.serve(kernel, { memory: LIMIT });
    const opened = names.map((name) => new Client(name));
    for (const client of opened) await client.open();
    return opened;
  }

  it('ends the socket of the client with the most unread bytes when all together have more than the limit', async () => {
    const [small, large] = await clients('small', 'large');
    small!.rejected(50);
    large!.rejected(150);
    await host.untilEvent('refused');
    while (large!.received < 150 * 40) await new Promise(setImmediate);
    const each = large!.received / 150;
    small!.rejected(Math.ceil((LIMIT - small!.received - large!.received) / each / 3));
    large!.rejected(Math.ceil((LIMIT - small!.received - large!.received) / each));
    await host.untilEvent('closed');
    expect(large!.end).to.match(
      new RegExp(
        `^host '${HOST}' has closed the socket: all clients together have \\d+ unread bytes, more than its limit of ${LIMIT} \\(memory\\), and this client has the most: (\\d+), of which \\1 are those of this socket$`,
      ),
    );
    expect(small!.end).to.equal(undefined);
    const closed = host.events.filter(({ type }) => type === 'closed');
    expect(closed).to.have.length(1);
    expect(closed[0]).to.deep.include({ socket: 2 });
  });

  it('counts the parts of datagrams that are not complete', async () => {
    const [first, second] = await clients('first', 'second');
    first!.part(LIMIT / 2);
    second!.part(LIMIT / 2 + 1);
    await host.untilEvent('closed');
    expect(second!.end).to.include('this client has the most: 32769, of which 32769 are those of this socket');
    expect(first!.end).to.equal(undefined);
  });

  it('ends the largest socket of the client whose sockets together have the most', async () => {
    const [single, small, large] = await clients('single', 'several.small', 'several.large');
    large!.part(22_000);
    single!.part(25_000);
    small!.part(LIMIT - 47_000);
    small!.part(1);
    await host.untilEvent('closed');
    expect([single!.end, small!.end]).to.deep.equal([undefined, undefined]);
    expect(large!.end).to.include(`this client has the most: ${LIMIT - 24_999}, of which 22000 are those of this socket`);
  });

  it('does not count bytes that were read, nor those of sockets that ended', async () => {
    const [first, second, third] = await clients('first', 'second', 'third');
    first!.part(LIMIT);
    second!.part(1);
    await host.untilEvent('closed');
    expect(first!.end).to.be.a('string');
    third!.rejected(100);
    while (third!.received < 100 * 40) await new Promise(setImmediate);
    third!.acknowledge(third!.received);
    second!.part(LIMIT - 1);
    host.events = [];
    third!.part(1);
    await host.untilEvent('closed');
    // The sum proves that all messages before the last one were within the limit.
    expect(second!.end).to.include(`all clients together have ${LIMIT + 1} unread bytes`);
    expect(third!.end).to.equal(undefined);
  });

  it('is an option with a number of bytes', async () => {
    for (const memory of [0, 4095, 1.5, '1MB'])
      expect(await host.serve(links(), { memory: memory as number }).catch((error: unknown) => error)).to.match(/serveRemote: memory/);
  });
});
