import { expect } from 'chai';
import { NativeConnection } from '../../../lib/socket/native/native-connection.js';
import { MessageFlags, MessageType, encodeMessage, iterateMessages } from '../../../lib/wire/index.js';
import { ROUTE_DUMP_BYTES, longRoute, makeLongDump } from '../../native/long-dump.js';
import { host } from '../../support/host-order.js';
import { runChild } from '../../support/child.js';
import { closeListeners, listen, type NativeListener } from '../../support/native-listener.js';
import { useNamespace } from '../../support/namespace.js';
import { linger } from '../../support/sockets.js';

/** The functions of a child that dumps the routes several times: `fastest` returns the milliseconds of the fastest dump. */
const CHILD = (path: string) => `
  import { openSync } from 'node:fs';
  const request = new Uint8Array(${JSON.stringify([...ROUTE_DUMP_BYTES])});
  const DONE = ${MessageType.Done};
  let done, bytes = 0;
  const connection = open((buffer) => {
    const slab = Slab.of(buffer);
    const { words } = slab.frame;
    for (let index = 0; index < slab.count; index++) {
      const { start, end } = slab.entry(index);
      bytes += end - start;
      for (let at = start; at < end; at += (words[at / 4] + 3) & ~3) if ((words[at / 4 + 1] & 0xffff) === DONE) done();
    }
  }, { netns: openSync('${path}', 'r') });
  const readRoutes = async () => {
    const began = performance.now();
    bytes = 0;
    connection.send(request, request.length);
    await new Promise((resolve) => (done = resolve));
    return performance.now() - began;
  };
  // Other work on the machine makes some dumps slower, and none faster.
  const fastest = async (times) => {
    const all = [];
    while (all.length < times) all.push(await readRoutes());
    return Math.min(...all);
  };
  // While the processors are busy, the event loop reads before the thread does: then more dumps are measured, for some seconds.
  const measure = async () => {
    const [before, limit] = [connection.readsAhead, performance.now() + 10_000];
    let best = Infinity;
    do best = Math.min(best, await fastest(9));
    while (connection.readsAhead - before < 2 && performance.now() < limit);
    return { best, ahead: connection.readsAhead - before };
  };
`;

describe('native socket: reading a dump ahead', function () {
  this.timeout(120_000);
  const namespace = useNamespace();
  let expected: string[] = [];

  before(() => {
    expected = makeLongDump(namespace());
  });
  afterEach(closeListeners);

  function open(): { listener: NativeListener; native: NativeConnection } {
    const listener = listen({ netns: namespace().path });
    if (!(listener.connection instanceof NativeConnection)) throw new TypeError('no native connection');
    return { listener, native: listener.connection };
  }

  const routesIn = ({ deliveries }: NativeListener): string[] =>
    deliveries.flatMap(({ bytes, entries }) =>
      entries.flatMap(({ start, end, origin }) =>
        [...iterateMessages(bytes.subarray(start, end), origin)].flatMap((message) => longRoute(message) ?? []),
      ),
    );

  it('reads nothing in exchange() while a thread reads ahead', async () => {
    const { listener, native } = open();
    const barrier = encodeMessage({
      type: MessageType.Noop,
      flags: MessageFlags.Request | MessageFlags.Ack,
      sequence: 7,
      payload: new Uint8Array(4),
    });
    const inline: { ahead: number; nothing: boolean }[] = [];
    native.send(ROUTE_DUMP_BYTES, ROUTE_DUMP_BYTES.length);
    await listener.until(() => {
      linger(100);
      if (inline.length < 12) inline.push({ ahead: native.readsAhead, nothing: native.exchange(barrier, barrier.length, 1) === undefined });
      return listener.deliveries.at(-1)?.drained === true;
    }, 20_000);
    expect(native.readsAhead).to.be.greaterThan(1);
    // The pool starts each read right after the other; while JavaScript runs, a read is always pending.
    const within = inline.filter(({ ahead }) => ahead > 0 && ahead < native.readsAhead);
    expect(within).to.have.length.above(0);
    expect(within.every(({ nothing }) => nothing)).to.equal(true);
    expect(inline[0]?.nothing).to.equal(false);
  });

  it('accepts filters, options, memberships and pauses during a dump, and loses nothing', async () => {
    const { listener, native } = open();
    const everything = Uint8Array.of(...host(6, 0), 0, 0, 255, 255, 255, 255);
    const disturb = [
      () => native.setFilter(everything),
      () => native.setOption('cappedAck', true),
      () => {
        native.pause();
        setTimeout(() => native.resume(), 5);
      },
      () => native.join(1),
    ];
    const RUNS = 10;
    let round = 0;
    const again = setInterval(() => disturb[round++ % disturb.length]!(), 2);
    try {
      for (let run = 1; run <= RUNS; run++) {
        const from = listener.entries().length;
        native.send(ROUTE_DUMP_BYTES, ROUTE_DUMP_BYTES.length);
        await listener.until(() => {
          linger(10);
          return listener.deliveries.at(-1)?.drained === true && listener.entries().length - from > 100;
        }, 20_000);
      }
    } finally {
      clearInterval(again);
    }
    expect(round).to.be.greaterThan(RUNS);
    expect(native.readsAhead).to.be.greaterThan(RUNS);
    expect(routesIn(listener).join()).to.equal(Array.from({ length: RUNS }, () => expected.join()).join());
  });

  for (const threads of [4, 1]) {
    it(`reads ahead as before when all ${threads} threads of the pool are busy`, async () => {
      const { stdout, stderr, code } = await runChild(
        `${CHILD(namespace().path)}
        import { execFileSync } from 'node:child_process';
        import { mkdtempSync, promises, rmSync, constants } from 'node:fs';
        await fastest(3);
        const idle = await measure();
        const folder = mkdtempSync('/tmp/rxnl-pool-');
        const names = Array.from({ length: ${threads} }, (_, index) => folder + '/' + index);
        execFileSync('mkfifo', names);
        // Opening a fifo for reading blocks a thread until it is opened for writing.
        const held = names.map((name) => promises.open(name, 'r'));
        await new Promise((resolve) => setTimeout(resolve, 50));
        const busy = await measure();
        for (const name of names) openSync(name, constants.O_WRONLY);
        for (const file of await Promise.all(held)) await file.close();
        rmSync(folder, { recursive: true });
        console.log(JSON.stringify({ idle, busy, bytes }));
        connection.close();`,
        { milliseconds: 30_000, env: { UV_THREADPOOL_SIZE: String(threads) } },
      );
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
      const { idle, busy, bytes } = JSON.parse(stdout) as Record<'idle' | 'busy', { best: number; ahead: number }> & { bytes: number };
      expect(idle.ahead).to.be.greaterThan(1);
      expect(busy.ahead).to.be.greaterThan(1);
      expect(bytes).to.be.greaterThan(4 << 20);
      expect(busy.best / idle.best).to.be.lessThan(3);
    });
  }
});
