import { expect } from 'chai';
import { MessageFlags, encodeMessage } from '../../../lib/wire/index.js';
import { closeListeners, listen, makeRoom, openNative, readSlab } from '../../support/native-listener.js';
import { useNamespace } from '../../support/namespace.js';

const USERSOCK = 2;
const [GETLINK, GETROUTE] = [18, 26];
const INET = 2;
const BUFFER = 64 << 20;
/** The datagrams of a dump have about this size. */
const LARGE = 32_000;
/** The most bytes of the first wake-up after an empty queue, and of the longest one. */
const [FIRST, MOST] = [64 << 10, 256 << 10];

describe('native socket: the size of a wake-up', () => {
  const namespace = useNamespace();
  afterEach(closeListeners);

  /** Fills a queue with large datagrams, and returns the number of them in each delivery; `each` is called with every delivery. */
  async function countsOf(context: Mocha.Context, rounds: readonly number[], each: () => void): Promise<number[][]> {
    const sender = listen({ protocol: USERSOCK, netns: namespace().path });
    const counts: number[][] = [];
    let [left, ended] = [0, (): void => undefined];
    const receive = (buffer: ArrayBuffer): void => {
      const { entries } = readSlab(buffer);
      counts.at(-1)!.push(entries.length);
      each();
      left -= entries.length;
      if (left === 0) ended();
    };
    const receiver = openNative({ protocol: USERSOCK, netns: namespace().path }, receive);
    try {
      makeRoom(context, { connection: receiver }, BUFFER);
      for (const count of rounds) {
        counts.push([]);
        left = count;
        const end = new Promise<void>((resolve) => (ended = resolve));
        for (let index = 0; index < count; index++)
          expect(sender.connection.send(new Uint8Array(LARGE), LARGE, { portId: receiver.portId })).to.equal(true);
        await end;
      }
    } finally {
      receiver.close();
    }
    return counts.map((all) => all.filter((count) => count > 0));
  }

  it('begins with 64 KiB, and doubles up to 256 KiB while the subscribers are fast; an empty queue begins anew', async function () {
    const rounds = await countsOf(this, [400, 400], () => undefined);
    for (const counts of rounds) {
      expect(counts[0]).to.equal(2);
      // Another program may take the processor within a delivery.
      expect(Math.max(...counts)).to.equal(Math.floor(MOST / LARGE));
    }
  });

  it('halves down to 32 KiB while the subscribers are slow', async function () {
    const [counts] = await countsOf(this, [40], () => {
      const end = performance.now() + 10;
      while (performance.now() < end);
    });
    expect(counts).to.deep.equal([2, ...Array.from({ length: 38 }, () => 1)]);
  });

  for (const [order, isAwaited] of [
    ['behind small replies that were read', true],
    ['behind small replies in the queue', false],
  ] as const) {
    it(`reads a dump in parts of that size, ${order}`, async () => {
      namespace().batch(Array.from({ length: 8000 }, (_, index) => `route replace 10.1.${index >> 8}.${index & 255} dev lo`));
      const { connection, deliveries, until } = listen({ netns: namespace().path });
      const send = (bytes: Uint8Array): void => void expect(connection.send(bytes, bytes.byteLength)).to.equal(true);
      // The answer is an error of 36 to 52 bytes, because no link is named.
      for (let sequence = 1; sequence <= 20; sequence++) {
        send(encodeMessage({ type: GETLINK, flags: MessageFlags.Request, sequence, payload: new Uint8Array(16) }));
        if (isAwaited) await until(() => deliveries.flatMap(({ entries }) => entries).length === sequence);
      }
      const before = deliveries.length;
      const flags = MessageFlags.Request | MessageFlags.Dump;
      send(encodeMessage({ type: GETROUTE, flags, sequence: 100, payload: Uint8Array.of(INET, ...new Uint8Array(11)) }));
      await until(() => deliveries.length > before && deliveries.at(-1)!.drained);
      const sizes = deliveries.slice(before).map(({ entries }) => entries.reduce((sum, { length }) => sum + length, 0));
      expect(sizes.reduce((sum, size) => sum + size)).to.be.greaterThan(1.5 * MOST);
      // Small datagrams do not take the place of a large one.
      expect(sizes[0]).to.be.within(1, FIRST + LARGE / 2);
      expect(Math.max(...sizes)).to.be.at.most(MOST + LARGE / 2);
    });
  }
});
