import { expect } from 'chai';
import { runChild } from '../support/child.js';
import { closeListeners, listen, makeRoom } from '../support/native-listener.js';
import { rounds } from '../support/rounds.js';

/** A worker that dumps links all the time, so that a dump is running when it is stopped. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { Socket } = require(workerData.addon);
const request = new Uint8Array(32);
const words = new Uint32Array(request.buffer);
words.set([32, 0, 1, 0]);
new Uint16Array(request.buffer).set([18, 0x301], 2);
const sockets = [];
for (let count = 0; count < 3; count++) {
  const socket = new Socket(1 << 20);
  socket.open(0, 0, undefined);
  socket.start(() => socket.send(request, 32, 0, 0));
  socket.send(request, 32, 0, 0);
  sockets.push(socket);
}
const idle = new Socket(4096);
idle.open(0, 0, undefined);
sockets[2].pause();
`;

const HARNESS = `
import { Worker } from 'node:worker_threads';
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
const addon = createRequire(import.meta.url)('node-gyp-build').path(process.cwd());
const start = (code) => new Worker(code, { eval: true, workerData: { addon }, execArgv: [] });
const ended = (worker) => new Promise((resolve) => { worker.once('exit', resolve); worker.on('error', () => {}); });
const descriptors = () => readdirSync('/proc/self/fd').length;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const WORKER = ${JSON.stringify(WORKER)};
`;

/** Ends a number of workers, four at a time; prints whether descriptors and memory are as before. */
const endAll = (count: number, load: string, tail: string, stop: string) => `${HARNESS}
${load}
const before = descriptors();
const codes = new Set();
for (let batch = 0; batch < ${count / 4}; batch++) {
  const workers = Array.from({ length: 4 }, () => start(WORKER + ${JSON.stringify(tail)}));
  codes.add(JSON.stringify(await Promise.all(workers.map(async (worker, index) => {
    const end = ended(worker);
    ${stop}
    return end;
  }))));
}
await sleep(20);
console.log(JSON.stringify({ codes: [...codes], leaked: descriptors() - before }));
`;

/** Multiples of four: the workers end four at a time. */
const MANY = rounds(16, 100);
const FEW = rounds(8, 20);

const READY = "parentPort.postMessage('ready');";
const TERMINATE = "await new Promise((resolve) => worker.once('message', resolve)); await sleep(index); await worker.terminate();";

const ROOM = 16 << 20;

/** A worker in which two sockets send an endless dump to a third one; it reports when a thread reads ahead. */
const AHEAD = `
for (const socket of sockets) socket.close();
const { constants } = require(workerData.addon);
const [reader, writer] = [new Socket(1 << 20), new Socket(4096)];
for (const socket of [reader, writer]) socket.open(2, 0, undefined);
reader.setOption(constants.SocketLevel, constants.ReceiveBufferForce, ${ROOM});
const bytes = new Uint8Array(32_000);
const feed = (count) => { while (count-- > 0 && writer.send(bytes, bytes.length, reader.portId, 0) === 0); };
let reported = false;
reader.start(() => {
  feed(32);
  if (reported || reader.readsAhead === 0) return;
  reported = true;
  parentPort.postMessage('ready');
});
feed(128);
`;

describe('native socket, workers', function () {
  this.timeout(rounds(60_000, 120_000));

  const ways: readonly (readonly [number, string, string, string, string])[] = [
    [MANY, 'terminated in the middle of dumps, the addon loaded only there', '', READY, TERMINATE],
    [MANY, 'terminated in the middle of dumps, the addon loaded in the main thread too', 'loadAddon();', READY, TERMINATE],
    [MANY, 'terminated while a thread reads ahead, the addon loaded only there', '', AHEAD, TERMINATE],
    [FEW, 'that exit while a thread reads ahead', '', `${AHEAD} setTimeout(() => process.exit(1), 20);`, ''],
    [FEW, 'that exit with sockets open', '', 'setTimeout(() => process.exit(1), 2);', ''],
    [
      FEW,
      'that exit within a delivery',
      '',
      'sockets[0].close(); const s = new Socket(4096); s.open(0, 0); s.start(() => process.exit(1)); s.send(request, 32, 0, 0);',
      '',
    ],
    [
      FEW,
      'that throw within a delivery',
      '',
      'const s = new Socket(4096); s.open(0, 0); s.start(() => { throw null; }); s.send(request, 32, 0, 0);',
      '',
    ],
  ];
  for (const [count, title, load, tail, stop] of ways) {
    it(`survives ${count} workers ${title}`, async function () {
      if (tail.includes(AHEAD)) {
        makeRoom(this, listen({ protocol: 2 }), ROOM);
        closeListeners();
      }
      const ended = await runChild(endAll(count, load, tail, stop), { milliseconds: 50_000 });
      expect(ended.stderr).to.equal('');
      expect(ended).to.include({ code: 0, signal: null });
      const { codes, leaked } = JSON.parse(ended.stdout) as { codes: string[]; leaked: number };
      expect(codes).to.deep.equal(['[1,1,1,1]']);
      // Node.js may have closed a descriptor of its own meanwhile (26 does).
      expect(leaked).to.be.at.most(0);
    });
  }

  it('ends on its own when nothing in the worker keeps the loop alive', async () => {
    const tail = 'for (const socket of sockets) socket.setRef(false); idle.setRef(false);';
    const { code, stdout } = await runChild(`${HARNESS} console.log(await ended(start(WORKER + ${JSON.stringify(tail)})));`);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '0\n' });
  });

  it('works in several workers and the main thread at once', async () => {
    const script = `${HARNESS}
      const count = 'let n = 0; const s = new Socket(1 << 20); s.open(0, 0); s.start(() => { if (++n === 200) { parentPort.postMessage(n); s.close(); } else s.send(request, 32, 0, 0); }); s.send(request, 32, 0, 0); for (const x of sockets) x.close(); idle.close();';
      let own = 0;
      const connection = open(() => { if (++own < 200) connection.send(dump(), 32); else connection.close(); });
      connection.send(dump(), 32);
      const workers = Array.from({ length: 4 }, () => start(WORKER + count));
      const ends = workers.map(ended);
      const counts = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
      const codes = await Promise.all(ends);
      console.log(JSON.stringify([counts, codes, own]));
    `;
    const { stdout, stderr, code } = await runChild(script, { milliseconds: 20_000 });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal([[200, 200, 200, 200], [0, 0, 0, 0], 200]);
  });

  it('lets the process end with sockets open, by exit() and by an exception', async () => {
    const [exited, threw, within] = await Promise.all([
      runChild('open(); open(); const c = open(() => {}); c.send(dump(), 32); setTimeout(() => process.exit(4), 5);'),
      runChild('open(); setTimeout(() => { throw new Error("on purpose"); }, 5);'),
      runChild('const c = open(() => process.exit(5)); c.send(dump(), 32);'),
    ]);
    expect([exited.code, threw.code, within.code]).to.deep.equal([4, 1, 5]);
    expect([exited.signal, threw.signal, within.signal]).to.deep.equal([null, null, null]);
    expect(threw.stderr).to.match(/on purpose/);
  });
});
