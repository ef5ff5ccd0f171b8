import { expect } from 'chai';
import { closeListeners, listen, makeRoom } from '../support/native-listener.js';
import { useRecvmmsgShim, type NotedCall } from './recvmmsg-shim.js';

const USERSOCK = 2;
const COUNT = 400;
const BUFFER = 64 << 20;

/**
 * A queue of 400 datagrams of 32,000 bytes, as a long dump's would be, each with its number: two full reads, then the thread
 * pool reads on, each time for `slow` milliseconds at the least. `each` is called with every slab, and `running` tells how many
 * reads are under way.
 */
const QUEUE = `
  import { readFileSync, rmSync, writeFileSync } from 'node:fs';
  const order = [];
  const slabs = [];
  let each = () => {};
  const receiver = open((buffer) => {
    const slab = new Slab(buffer);
    for (let index = 0; index < slab.count; index++) order.push(slab.frame.words[slab.entry(index).start / 4]);
    slabs.push({ count: slab.count, drained: slab.drained, lost: slab.lost });
    each(slabs.length);
  }, { protocol: ${USERSOCK} });
  const sender = open(undefined, { protocol: ${USERSOCK}, ref: false });
  receiver.setBufferSize('receive', ${BUFFER});
  const fill = (from = 0) => {
    const bytes = new Uint8Array(32_000);
    for (let number = from; number < from + ${COUNT}; number++) {
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
  const say = (facts = {}) => console.log(JSON.stringify({ order, slabs, ahead: receiver.readsAhead, ...facts }));
`;

interface Said {
  readonly order: readonly number[];
  readonly slabs: readonly { readonly count: number; readonly drained: boolean; readonly lost: boolean }[];
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

  async function run<T = unknown>(script: string): Promise<Said & T> {
    const { stdout, stderr, code, signal, calls } = await shim.run(QUEUE + script, { milliseconds: 20_000 });
    expect({ stderr, code, signal }).to.deep.equal({ stderr: '', code: 0, signal: null });
    const said = { ...(JSON.parse(stdout) as Said & T), calls };
    // Whatever else is looked at: nobody read while somebody else did.
    expect(calls.filter(({ overlaps }) => overlaps)).to.deep.equal([]);
    return said;
  }

  it('has the thread pool read the rest of a long queue, in order; only the loop says that nothing is left', async () => {
    const { order, slabs, ahead, calls } = await run(
      'slow(5); each = (count) => { if (count > 1 && count < 8) begun(); }; fill(); await all(); receiver.close(); say();',
    );
    expect(order).to.deep.equal(upTo(COUNT));
    expect(ahead).to.be.greaterThan(0);
    expect(calls.filter(({ aside }) => aside)).to.have.length(ahead);
    expect(calls.slice(0, 2).every(({ aside }) => !aside)).to.equal(true);
    expect(calls.at(-1)).to.include({ aside: false, result: -1 });
    expect(slabs.filter(({ drained }) => drained)).to.have.length(1);
    expect(slabs.at(-1)?.drained).to.equal(true);
  });

  it('leaves small datagrams, however many, to the loop', async () => {
    const { ahead } = await run(`
      const bytes = new Uint8Array(4000);
      for (let number = 0; number < 2000; number++) sender.send(bytes, bytes.length, { portId: receiver.portId });
      await all(2000); receiver.close(); say();
    `);
    expect(ahead).to.equal(0);
  });

  it('begins after two full reads, not before', async () => {
    const { calls } = await run('each = (count) => { if (count === 2) begun(); }; fill(); await all(); receiver.close(); say();');
    const first = calls.findIndex(({ aside }) => aside);
    expect(calls.slice(0, first).map(({ asked, result }) => [asked, result])).to.deep.equal([
      [32, 32],
      [32, 32],
    ]);
  });

  it('says that nothing is left only of what was sent before, and after it was read', async () => {
    // The queue ends within a read of the pool; what is sent while JavaScript is at work then is read before that is said.
    const { order, slabs, ahead } = await run(`
      slow(20);
      let more = true;
      each = (count) => { if (count >= 4 && more) { begun(); while (running()); more = false; fill(${COUNT}); } };
      const bytes = new Uint8Array(32_000);
      for (let number = 0; number < 140; number++) { new Uint32Array(bytes.buffer)[0] = number; sender.send(bytes, bytes.length, { portId: receiver.portId }); }
      await all(140 + ${COUNT}); receiver.close(); say();
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
    it(`lets ${what} wait for a read that has begun, and loses nothing of it`, async () => {
      const { order, ahead, before, after } = await run<{ before: number; after: number }>(`
        slow(200);
        let before = 0, after = 0;
        each = (count) => { if (count === 4) { begun(); before = running(); ${call}; after = running(); } };
        fill(); await all(); receiver.close(); say({ before, after });
      `);
      expect({ before, after }).to.deep.equal({ before: 1, after: 0 });
      expect(order).to.deep.equal(upTo(COUNT));
      expect(ahead).to.be.greaterThan(0);
    });
  }

  it('keeps what the pool has read while it is paused', async () => {
    const { order, paused, reads } = await run<{ paused: number; reads: number }>(`
      slow(20);
      let reads = 0, paused = 0;
      each = (count) => { if (count === 4) { begun(); receiver.pause(); paused = order.length; setTimeout(() => { reads = running(); paused = order.length - paused; receiver.resume(); }, 150); } };
      fill(); await all(); receiver.close(); say({ paused, reads });
    `);
    expect({ paused, reads }).to.deep.equal({ paused: 0, reads: 0 });
    expect(order).to.deep.equal(upTo(COUNT));
  });

  it('lets close() wait for a read that has begun: nobody reads from a descriptor that may be another by then', async () => {
    const { order, before, after, count } = await run<{ before: number; after: number; count: number }>(`
      slow(200);
      let before = 0, after = 0;
      each = (count) => { if (count === 4) { begun(); before = running(); receiver.close(); after = running(); } };
      fill();
      while (!after && slabs.length < 4) await sleep(5);
      const next = open(undefined, { protocol: ${USERSOCK} });
      await sleep(100);
      next.close();
      say({ before, after, count: slabs.length });
    `);
    expect({ before, after, count }).to.deep.equal({ before: 1, after: 0, count: 4 });
    expect(order).to.deep.equal(upTo(order.length));
  });

  it('takes up again after an exception', async () => {
    const { order, caught, ahead } = await run<{ caught: string[] }>(`
      slow(10);
      const caught = [];
      process.on('uncaughtException', (error) => caught.push(String(error)));
      each = (count) => { if (count === 4) { begun(); throw new Error('on purpose'); } };
      fill(); await all(); receiver.close(); say({ caught });
    `);
    expect(caught).to.deep.equal(['Error: on purpose']);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(ahead).to.be.greaterThan(0);
  });

  it('tells a loss that the pool met once, behind all that was queued', async () => {
    const ENOBUFS = 105;
    const { order, slabs, calls } = await run(`
      slow(20);
      each = (count) => {
        if (count === 4) { begun(); while (running()); writeFileSync(shim + '/fail.aside', '${ENOBUFS}'); }
        if (count === 5) { begun(); while (running()); rmSync(shim + '/fail.aside'); }
      };
      fill(); await all(); receiver.close(); say();
    `);
    expect(calls.filter(({ aside, result }) => aside && result < 0)).to.have.length(1);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(slabs.filter(({ lost }) => lost)).to.deep.equal([slabs.at(-1)]);
    expect(slabs.at(-1)).to.include({ drained: true, lost: true });
  });

  it('does not keep a process alive whose socket is unref()ed within', async () => {
    const { order, before, after } = await run<{ before: number; after: number }>(`
      slow(30);
      let before = 0, after = 0;
      each = (count) => { if (count === 4) { begun(); before = running(); receiver.setRef(false); after = running(); } };
      process.on('exit', () => say({ before, after }));
      fill();
    `);
    expect({ before, after }).to.deep.equal({ before: 1, after: 0 });
    expect(order.length).to.be.lessThan(COUNT);
  });

  it('serves one socket at a time; meanwhile the loop reads all of the others', async () => {
    const { order, met } = await run<{ met: { others: number; running: number } }>(`
      slow(400);
      let others = 0, met;
      const other = open((buffer) => {
        others += new Slab(buffer).count;
        if (others === ${COUNT}) { met = { others, running: running() }; slow(0); }
      }, { protocol: ${USERSOCK} });
      other.setBufferSize('receive', ${BUFFER});
      each = (count) => {
        if (count !== 4) return;
        begun();
        for (let number = 0; number < ${COUNT}; number++) sender.send(new Uint8Array(32_000), 32_000, { portId: other.portId });
      };
      fill(); await all(); while (others < ${COUNT}) await sleep(5);
      receiver.close(); other.close(); say({ met });
    `);
    expect(order).to.deep.equal(upTo(COUNT));
    expect(met).to.deep.equal({ others: COUNT, running: 1 });
  });

  it('lets the process end while a read is under way', async () => {
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
