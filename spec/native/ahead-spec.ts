import { expect } from 'chai';
import { closeListeners, listen, makeRoom } from '../support/native-listener.js';
import { useRecvmmsgShim, type NotedCall } from './recvmmsg-shim.js';

const USERSOCK = 2;
const COUNT = 412;
const BUFFER = 64 << 20;

/**
 * Fills a queue with 412 numbered datagrams of 32,000 bytes, as a long dump does. After two full reads a thread reads, each
 * time for at least `slow` milliseconds. `each` is called with every slab, and `running` is the number of reads in progress.
 */
const QUEUE = `
  import { readFileSync, rmSync, writeFileSync } from 'node:fs';
  const order = [];
  const slabs = [];
  let each = () => {};
  const receiver = open((buffer) => {
    const slab = Slab.of(buffer);
    for (let index = 0; index < slab.count; index++) order.push(slab.frame.words[slab.entry(index).start / 4]);
    slabs.push({ count: slab.count, drained: slab.drained, lost: slab.lost, afterLoss: slab.afterLoss });
    each(slabs.length);
  }, { protocol: ${USERSOCK} });
  const sender = open(undefined, { protocol: ${USERSOCK}, ref: false });
  receiver.setBufferSize('receive', ${BUFFER});
  const fill = (from = 0, count = ${COUNT}) => {
    const bytes = new Uint8Array(32_000);
    for (let number = from; number < from + count; number++) {
      new Uint32Array(bytes.buffer)[0] = number;
      if (!sender.send(bytes, bytes.length, { portId: receiver.portId })) throw new Error('the queue is full');
    }
  };
  const slow = (milliseconds) => writeFileSync(shim + '/delay.aside', String(milliseconds));
  const running = () => {
    const lines = readFileSync(shim + '/calls', 'utf8').split('\\n');
    return lines.filter((line) => line[0] === '+').length - lines.filter((line) => line[0] === '-').length;
  };
  const begun = () => { const cell = new Int32Array(new SharedArrayBuffer(4)); for (let tries = 0; running() === 0 && tries < 400; tries++) Atomics.wait(cell, 0, 0, 5); };
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const all = async (count = ${COUNT}) => { while (order.length < count || !slabs.at(-1)?.drained) await sleep(5); };
  const print = (facts = {}) => console.log(JSON.stringify({ order, slabs, ahead: receiver.readsAhead, ...facts }));
`;

interface Output {
  readonly order: readonly number[];
  readonly slabs: readonly { readonly count: number; readonly drained: boolean; readonly lost: boolean; readonly afterLoss: boolean }[];
  readonly ahead: number;
  readonly calls: readonly NotedCall[];
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

describe('native socket, reading ahead', function () {
  this.timeout(60_000);
  const shim = useRecvmmsgShim();

  before(function () {
    makeRoom(this, listen({ protocol: USERSOCK }), BUFFER);
    closeListeners();
  });

  async function run<T = unknown>(script: string): Promise<Output & T> {
    const { stdout, stderr, code, signal, calls } = await shim.run(QUEUE + script, { milliseconds: 20_000 });
    expect({ stderr, code, signal }).to.deep.equal({ stderr: '', code: 0, signal: null });
    const output = { ...(JSON.parse(stdout) as Output & T), calls };
    // In every case: no read began while another one was running.
    expect(calls.filter(({ overlaps }) => overlaps)).to.deep.equal([]);
    return output;
  }

  it('reads the rest of a long queue ahead on a thread, in order; only the loop reports the end of the queue', async () => {
    const { order, slabs, ahead, calls } = await run(
      'slow(5); each = (count) => { if (count > 1 && count < 8) begun(); }; fill(); await all(); receiver.close(); print();',
    );
    expect(order).to.deep.equal(upTo(COUNT));
    expect(ahead).to.be.greaterThan(0);
    expect(calls.filter(({ aside }) => aside)).to.have.length(ahead);
    expect(calls.slice(0, 2).every(({ aside }) => !aside)).to.equal(true);
    expect(calls.at(-1)).to.include({ aside: false, result: -1 });
    expect(slabs.filter(({ drained }) => drained)).to.have.length(1);
    expect(slabs.at(-1)?.drained).to.equal(true);
  });

  it('reads small datagrams on the loop, even if there are many', async () => {
    const { ahead } = await run(`
      const bytes = new Uint8Array(4000);
      for (let number = 0; number < 2000; number++) sender.send(bytes, bytes.length, { portId: receiver.portId });
      await all(2000); receiver.close(); print();
    `);
    expect(ahead).to.equal(0);
  });

  it('reports the end of a queue that full reads have emptied, without another read', async () => {
    // Deliveries of this length do not let a wake-up grow: each reads two datagrams, or one after a longer delivery.
    const { order, slabs, ahead, calls } = await run(`
      const pass = () => { const end = performance.now() + 3.5; while (performance.now() < end); };
      slow(20); each = (count) => { if (count > 1 && count < 8) begun(); if (count === 8) slow(0); pass(); }; fill(0, 200); await all(200); receiver.close(); print();
    `);
    expect(order).to.deep.equal(upTo(200));
    expect(ahead).to.be.greaterThan(0);
    expect(calls.filter(({ asked, result }) => result !== asked)).to.deep.equal([]);
    expect(slabs.at(-1)).to.include({ drained: true, lost: false, afterLoss: false });
  });

  it('begins after two full reads', async () => {
    const { calls } = await run('each = (count) => { if (count === 2) begun(); }; fill(); await all(); receiver.close(); print();');
    const first = calls.findIndex(({ aside }) => aside);
    expect(first).to.equal(2);
    for (const { asked, result } of calls.slice(0, first)) expect(result).to.equal(asked);
  });

  it('reports the end of the queue only after all datagrams that were sent before', async () => {
    // A read of the thread finds the end of the queue; datagrams that are sent while JavaScript runs are read before the end is reported.
    const { order, slabs, ahead } = await run(`
      slow(20);
      let more = true;
      each = (count) => { if (count >= 4 && more) { begun(); while (running()); more = false; fill(${COUNT}); } };
      const bytes = new Uint8Array(32_000);
      for (let number = 0; number < 140; number++) { new Uint32Array(bytes.buffer)[0] = number; sender.send(bytes, bytes.length, { portId: receiver.portId }); }
      await all(140 + ${COUNT}); receiver.close(); print();
    `);
    expect(order).to.deep.equal([...upTo(140), ...upTo(COUNT, COUNT)]);
    expect(ahead).to.be.greaterThan(0);
    expect(slabs.filter(({ drained }) => drained)).to.have.length(1);
  });

  for (const [what, call] of [
    ['a filter', 'receiver.setFilter(new Uint8Array([6, 0, 0, 0, 255, 255, 255, 255]))'],
    ['an option', 'receiver.setOption("cappedAck", true)'],
    ['pause()', 'receiver.pause(); receiver.resume()'],
  ] as const) {
    it(`delays ${what} until a read that has begun ends, and loses no datagram`, async () => {
      const { order, ahead, before, after } = await run<{ before: number; after: number }>(`
        slow(200);
        let before = 0, after = 0;
        each = (count) => { if (count === 4) { begun(); before = running(); ${call}; after = running(); slow(0); } };
        fill(); await all(); receiver.close(); print({ before, after });
      `);
      expect({ before, after }).to.deep.equal({ before: 1, after: 0 });
      expect(order).to.deep.equal(upTo(COUNT));
      expect(ahead).to.be.greaterThan(0);
    });
  }

  it('keeps datagrams that the thread has read while it is paused', async () => {
    const { order, paused, reads } = await run<{ paused: number; reads: number }>(`
      slow(20);
      let reads = 0, paused = 0;
      each = (count) => { if (count === 4) { begun(); receiver.pause(); paused = order.length; setTimeout(() => { reads = running(); paused = order.length - paused; receiver.resume(); }, 150); } };
      fill(); await all(); receiver.close(); print({ paused, reads });
    `);
    expect({ paused, reads }).to.deep.equal({ paused: 0, reads: 0 });
    expect(order).to.deep.equal(upTo(COUNT));
  });

  it('delays close() until a read that has begun ends, because another file may reuse the descriptor', async () => {
    const { order, before, after, count } = await run<{ before: number; after: number; count: number }>(`
      slow(200);
      let before = 0, after = 0;
      each = (count) => { if (count === 4) { begun(); before = running(); receiver.close(); after = running(); } };
      fill();
      while (!after && slabs.length < 4) await sleep(5);
      const next = open(undefined, { protocol: ${USERSOCK} });
      await sleep(100);
      next.close();
      print({ before, after, count: slabs.length });
    `);
    expect({ before, after, count }).to.deep.equal({ before: 1, after: 0, count: 4 });
    expect(order).to.deep.equal(upTo(order.length));
  });

  it('continues after an exception', async () => {
    const { order, caught, ahead } = await run<{ caught: string[] }>(`
      slow(10);
      const caught = [];
      process.on('uncaughtException', (error) => caught.push(String(error)));
      each = (count) => { if (count === 4) { begun(); throw new Error('on purpose'); } };
      fill(); await all(); receiver.close(); print({ caught });
    `);
    expect(caught).to.deep.equal(['Error: on purpose']);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(ahead).to.be.greaterThan(0);
  });

  it('reports a loss that the thread found once, after all queued datagrams', async () => {
    const ENOBUFS = 105;
    const { order, slabs, calls } = await run(`
      slow(20);
      each = (count) => {
        if (count === 4) { begun(); while (running()); writeFileSync(shim + '/fail.aside', '${ENOBUFS}'); }
        if (count === 5) { begun(); while (running()); rmSync(shim + '/fail.aside'); }
      };
      fill(); await all(); receiver.close(); print();
    `);
    expect(calls.filter(({ aside, result }) => aside && result < 0)).to.have.length(1);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(slabs.filter(({ lost }) => lost)).to.deep.equal([slabs.at(-1)]);
    expect(slabs.at(-1)).to.include({ drained: true, lost: true });
    // From the wake-up on that takes the datagrams over.
    const first = slabs.findIndex(({ afterLoss }) => afterLoss);
    expect(first).to.be.within(1, slabs.length - 2);
    expect(slabs.slice(first).every(({ afterLoss }) => afterLoss)).to.equal(true);
  });

  it('does not keep the process alive when a delivery calls unref()', async () => {
    const { order, before, after } = await run<{ before: number; after: number }>(`
      slow(30);
      let before = 0, after = 0;
      each = (count) => { if (count === 4) { begun(); before = running(); receiver.setRef(false); after = running(); } };
      process.on('exit', () => print({ before, after }));
      fill();
    `);
    expect({ before, after }).to.deep.equal({ before: 1, after: 0 });
    expect(order.length).to.be.lessThan(COUNT);
  });

  it('reads for one socket at a time; the loop reads the other sockets', async () => {
    const { order, met } = await run<{ met: { others: number; running: number } }>(`
      slow(400);
      let others = 0, met;
      const other = open((buffer) => {
        others += Slab.of(buffer).count;
        if (others === ${COUNT}) { met = { others, running: running() }; slow(0); }
      }, { protocol: ${USERSOCK} });
      other.setBufferSize('receive', ${BUFFER});
      each = (count) => {
        if (count !== 4) return;
        begun();
        for (let number = 0; number < ${COUNT}; number++) sender.send(new Uint8Array(32_000), 32_000, { portId: other.portId });
      };
      fill(); await all(); while (others < ${COUNT}) await sleep(5);
      receiver.close(); other.close(); print({ met });
    `);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(met).to.deep.equal({ others: COUNT, running: 1 });
  });

  it('lets the process end while a read is in progress', async () => {
    const script = (end: string) => `slow(100); each = (count) => { if (count === 4) { begun(); ${end} } }; fill();`;
    const [exited, threw] = [
      await shim.run(QUEUE + script('process.exit(7);')),
      await shim.run(QUEUE + script('throw new Error("on purpose");')),
    ];
    expect([exited.code, exited.signal, exited.stderr]).to.deep.equal([7, null, '']);
    expect([threw.code, threw.signal]).to.deep.equal([1, null]);
    expect(threw.stderr).to.match(/on purpose/);
  });
});
