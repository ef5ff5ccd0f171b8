import { closeSync, openSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { loadAddon } from '../../lib/socket/native/load-addon.js';
import { nativeTransport } from '../../lib/socket/native/native-transport.js';
import { runChild } from '../support/child.js';
import { closeListeners, listen, type NativeListener } from '../support/native-listener.js';

const USERSOCK = 2;

const descriptors = () => readdirSync('/proc/self/fd').length;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('native socket, lifecycle', () => {
  afterEach(closeListeners);

  it('leaves no descriptor open after it was opened and closed 1,000 times', async () => {
    listen().connection.close();
    await turn();
    const before = descriptors();
    for (let round = 0; round < 1000; round++) {
      listen().connection.close();
      if (round % 100 === 0) await turn();
    }
    await turn();
    await turn();
    expect(descriptors()).to.equal(before);
  });

  it('frees the descriptor and the port ID in close()', () => {
    const before = descriptors();
    const portId = 0x7abc0001;
    for (let round = 0; round < 3; round++) {
      const { connection } = listen({ portId });
      expect(connection.portId).to.equal(portId);
      connection.close();
    }
    expect(descriptors()).to.equal(before);
  });

  it('closes itself and another readable socket within its delivery; other files reuse their descriptors', async () => {
    const sender = listen({ protocol: USERSOCK });
    const received: number[] = [];
    const closed: number[] = [];
    const later: NativeListener[] = [];
    const pair = [0, 1].map((index) =>
      nativeTransport.open({
        protocol: USERSOCK,
        portId: 0,
        datagramSize: 4096,
        ref: true,
        receive: () => {
          received.push(index);
          for (const connection of pair) {
            closed.push(connection.fd);
            connection.close();
          }
          for (let count = 0; count < 2; count++) later.push(listen({ protocol: USERSOCK }));
        },
      }),
    );
    for (const { portId } of pair) sender.connection.send(new Uint8Array(16), 16, { portId });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).to.have.length(1);
    expect(later.map(({ connection }) => connection.fd)).to.have.members(closed);
    for (const { connection, entries, until } of later) {
      sender.connection.send(new Uint8Array(16), 16, { portId: connection.portId });
      await until(() => entries().length === 1);
    }
  });

  it('is closed by its finalizer when it is collected before it reads', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { Socket } = loadAddon();
    const before = descriptors();
    (() => {
      for (let count = 0; count < 20; count++) expect(new Socket(4096).open(0, 0, undefined)).to.equal(undefined);
    })();
    expect(descriptors()).to.equal(before + 20);
    for (let tries = 0; tries < 20 && descriptors() > before; tries++) {
      collect();
      await turn();
    }
    expect(descriptors()).to.equal(before);
  });

  it('is not collected while it reads', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const sender = listen({ protocol: USERSOCK });
    let received = 0;
    let close: (() => void) | undefined;
    const portId = (() => {
      const { Socket } = loadAddon();
      const socket = new Socket(4096);
      socket.open(USERSOCK, 0, undefined);
      socket.start(function (this: { close(): void }) {
        received++;
        close = () => this.close();
      });
      return socket.portId;
    })();
    for (let tries = 0; tries < 5; tries++) {
      collect();
      await turn();
    }
    sender.connection.send(new Uint8Array(16), 16, { portId });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).to.equal(1);
    close?.();
  });

  it('rejects a second open or start, and a length beyond the bytes', () => {
    const { Socket } = loadAddon();
    const socket = new Socket(4096);
    expect(socket.start(() => undefined)).to.equal(false);
    expect(socket.open(0, 0, undefined)).to.equal(undefined);
    expect(socket.open(0, 0, undefined)).to.deep.equal({ step: 'socket', errno: -106 });
    expect(socket.start(() => undefined)).to.equal(true);
    expect(socket.start(() => undefined)).to.equal(false);
    expect(socket.send(new Uint8Array(16), 17, 0, 0)).to.equal(-22);
    expect(socket.send(new Uint16Array(16) as unknown as Uint8Array, 16, 0, 0)).to.equal(-22);
    expect(socket.send({} as Uint8Array, 1, 0, 0)).to.equal(-22);
    socket.close();
    expect(socket.fd).to.equal(-1);
    expect(socket.open(0, 0, undefined)).to.deep.equal({ step: 'socket', errno: -106 });
  });

  it('survives when other code closes its descriptor', async () => {
    const { connection, deliveries } = listen();
    connection.join(1);
    closeSync(connection.fd);
    // Another file may reuse the number of the descriptor; the epoll of the loop must not watch it.
    const other = openSync('/dev/null', 'r');
    expect(() => connection.send(new Uint8Array(16), 16)).to.throw(/ENOTSOCK|EBADF/);
    connection.pause();
    await turn();
    expect(deliveries).to.have.length(0);
    closeSync(other);
  });

  it('keeps the process alive while it is open or paused, but not after unref()', async () => {
    const alive = 'setTimeout(() => { console.log("alive"); process.exit(3); }, 300).unref();';
    const [open, paused, unrefed, both, closed] = await Promise.all([
      runChild(`open(); ${alive}`),
      runChild(`open().pause(); ${alive}`),
      runChild(`open().setRef(false); ${alive}`),
      runChild(`const c = open(undefined, { ref: false }); c.pause(); ${alive}`),
      runChild(`const c = open(); c.pause(); c.resume(); c.close(); ${alive}`),
    ]);
    for (const ended of [open, paused]) expect(ended).to.include({ code: 3, stdout: 'alive\n' });
    for (const ended of [unrefed, both, closed]) expect(ended).to.include({ code: 0, stdout: '' });
  }).timeout(20_000);

  it('lets timers run when every delivery sends a request and reads again', async () => {
    const ended = await runChild(`
      const barrier = encodeMessage({ type: 1, flags: 5, sequence: 1, payload: new Uint8Array(4) });
      const connection = open(() => { connection.exchange(barrier, barrier.length, 1); });
      connection.send(barrier, barrier.length);
      setTimeout(() => { console.log('turn'); connection.close(); }, 50);
    `);
    expect(ended).to.deep.equal({ code: 0, signal: null, stdout: 'turn\n', stderr: '' });
  });

  it('does not wake up while it is paused', async () => {
    const { stdout } = await runChild(`
      import { readFileSync } from 'node:fs';
      const connection = open();
      connection.join(1);
      connection.pause();
      connection.send(dump(), 32);
      const sleeps = () => Number(/^voluntary_ctxt_switches:\\s+(\\d+)/m.exec(readFileSync('/proc/self/task/' + process.pid + '/status', 'utf8'))[1]);
      setTimeout(() => {
        const before = sleeps();
        setTimeout(() => { console.log(sleeps() - before); process.exit(); }, 500);
      }, 300);
    `);
    expect(Number(stdout)).to.be.within(0, 5);
  });
});
