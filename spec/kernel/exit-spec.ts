import { expect } from 'chai';
import { runChild } from '../support/child.js';

const patient = { milliseconds: 30_000, bare: true };

/** Sockets of every kind that can be open when a process ends. */
const OPEN = `
  import { netlink } from './lib/index.js';
  const route = { type: 18, flags: 0x300, payload: new Uint8Array(16) };
  const socket = netlink({ protocol: 0, groups: [1, 7] });
  const generic = netlink({ protocol: 16, ref: false });
  socket.subscribe({ error: () => undefined });
  generic.connect();
  socket.request({ type: 1 }, { ack: false }).subscribe({ error: () => undefined });
`;

/** Counts the errors that reach the process, and continues. The third dump ends the script. */
const HANDLED = (thrown: string) => `
  import { netlink } from './lib/index.js';
  const route = { type: 18, flags: 0x300, payload: new Uint8Array(16) };
  const socket = netlink({ protocol: 0 });
  const caught = [];
  process.on('uncaughtException', (error) => caught.push(String(error)));
  socket.connect();
  let throwing = true;
  socket.subscribe(() => { if (throwing) { throwing = false; throw ${thrown}; } });
  const dump = () => new Promise((resolve, reject) => {
    let rows = 0;
    socket.request(route).subscribe({ next: () => rows++, error: reject, complete: () => resolve(rows) });
  });
  const counts = [await dump(), await dump(), await dump()];
  // RxJS throws it again from a timer; the dumps may have ended before that.
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(JSON.stringify({ caught, same: new Set(counts).size === 1 && counts[0] > 0, open: socket.isOpen }));
  socket.close();
`;

describe('a process with open sockets', function () {
  this.timeout(60_000);

  const ends: Record<string, readonly [script: string, code: number]> = {
    'when it calls process.exit()': ['process.exit(0);', 0],
    'when a subscriber calls process.exit()': ['socket.request(route).subscribe(() => process.exit(0));', 0],
    'when an iteration calls process.exit()': ['socket.request(route).subscribe(); for await (const _ of socket) process.exit(0);', 0],
    'when it closes its last socket with a reference': ['setTimeout(() => socket.close(), 20);', 0],
    'when its last socket with a reference is unref()ed': ['socket.unref();', 0],
    'when its last socket is unref()ed during a dump': ['socket.request(route).subscribe(); socket.unref();', 0],
    'when it throws an exception': ['throw new Error("done for");', 1],
  };
  for (const [name, [script, code]] of Object.entries(ends)) {
    it(`ends with exit code ${String(code)}, and prints nothing of its own, ${name}`, async () => {
      const ended = await runChild(OPEN + script, patient);
      expect({ code: ended.code, signal: ended.signal }).to.deep.equal({ code, signal: null });
      if (code === 0) expect(ended).to.include({ stdout: '', stderr: '' });
      else expect(ended.stderr).to.include('done for');
    });
  }
});

describe('a subscriber that throws', function () {
  this.timeout(60_000);

  for (const [thrown, text] of [
    ['new Error("mine")', 'Error: mine'],
    ['null', 'null'],
    ['undefined', 'undefined'],
  ] as const) {
    it(`raises one uncaughtException with ${thrown}, and leaves the socket usable`, async () => {
      const ended = await runChild(HANDLED(thrown), patient);
      expect(ended).to.include({ code: 0, signal: null, stderr: '' });
      expect(JSON.parse(ended.stdout)).to.deep.equal({ caught: [text], same: true, open: true });
    });
  }

  it('ends the process when there is no handler for uncaughtException', async () => {
    const ended = await runChild(
      `import { netlink } from './lib/index.js';
       netlink(0).request({ type: 18, flags: 0x300, payload: new Uint8Array(16) }).subscribe(() => { throw new Error('unhandled'); });`,
      patient,
    );
    expect(ended).to.include({ code: 1, signal: null });
    expect(ended.stderr).to.include('Error: unhandled');
  });
});
