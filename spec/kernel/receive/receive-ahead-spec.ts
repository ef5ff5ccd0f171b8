import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, tap, toArray } from 'rxjs';
import { OverrunError, SocketClosedError } from '../../../lib/errors/index.js';
import { NativeConnection } from '../../../lib/socket/native/native-connection.js';
import { nativeTransport } from '../../../lib/socket/native/native-transport.js';
import { netlink, type NetlinkSocket, type NetlinkSocketOptions, type Transport } from '../../../lib/socket/index.js';
import { ROUTE_DUMP, longRoute, makeLongDump } from '../../native/long-dump.js';
import type { Message } from '../../../lib/wire/index.js';
import { host } from '../../support/host-order.js';
import { useNamespace } from '../../support/namespace.js';
import { rounds } from '../../support/rounds.js';
import { linger, until } from '../../support/sockets.js';

const ROUTE = 0;
const GETLINK = 18;
const NEWLINK = 16;
const NEWROUTE = 24;
const ROUTE_GROUP = 7;
const LINK_1 = { type: GETLINK, payload: Uint8Array.of(0, 0, 0, 0, ...host(1, 0, 0, 0), 0, 0, 0, 0, 0, 0, 0, 0) };

/** The number of rows after which a thread reads ahead. */
const HALF = 3000;

/** The number of dumps with requests in between. */
const RUNS = rounds(20, 100);

/** The number of rows after which a consumer pauses. */
const ROWS_AT_ONCE = 150;

describe('receiving ahead', function () {
  this.timeout(120_000);
  const namespace = useNamespace();
  let expected: string[] = [];
  let connection: NativeConnection | undefined;
  let socket: NetlinkSocket | undefined;

  /** The native transport; it keeps the last connection. */
  const transport: Transport = {
    ...nativeTransport,
    open(options) {
      const opened = nativeTransport.open(options);
      if (opened instanceof NativeConnection) connection = opened;
      return opened;
    },
  };
  const open = (options: Partial<NetlinkSocketOptions> = {}): NetlinkSocket =>
    (socket = netlink({ protocol: ROUTE, netns: namespace().path, transport, ...options }));
  const readsAhead = (): number => connection?.readsAhead ?? 0;

  before(() => {
    expected = makeLongDump(namespace());
    expect(expected).to.have.length.above(HALF + 1000);
  });
  afterEach(() => {
    socket?.close();
  });

  /** Returns the rows of a dump to a slow consumer. The library reads itself what the thread has not begun to read in that time. */
  const rowsOf = async (of: NetlinkSocket): Promise<string[]> => {
    let seen = 0;
    const slowly = tap<Message>(() => {
      if (++seen % ROWS_AT_ONCE === 0) linger(5);
    });
    const messages = await lastValueFrom(of.request(ROUTE_DUMP).pipe(slowly, toArray()));
    return messages.flatMap((message) => longRoute(message) ?? []);
  };

  it('dumps the routes that ip shows, most of them read ahead by a thread', async () => {
    const lease = open().connect();
    expect(await rowsOf(socket!)).to.deep.equal(expected);
    expect(readsAhead()).to.be.greaterThan(1);
    lease.unsubscribe();
  });

  it(`completes requests made during a dump, and keeps all messages in order, in ${RUNS} runs`, async () => {
    const all = expected.join();
    let runsAhead = 0;
    open().connect();
    for (let run = 0; run < RUNS; run++) {
      const before = readsAhead();
      const sequences: number[] = [];
      const rows: string[] = [];
      const answers: number[] = [];
      const stream = socket!.subscribe((message) => {
        const row = longRoute(message);
        if (row !== undefined) rows.push(row);
        else if (message.type !== NEWROUTE) sequences.push(message.sequence);
      });
      let seen = 0;
      let asked = 0;
      const own: string[] = [];
      await new Promise<void>((resolve, reject) => {
        let left = 1;
        const end = (): void => {
          if (--left === 0) resolve();
        };
        socket!.request(ROUTE_DUMP).subscribe({
          next: (message) => {
            const row = longRoute(message);
            if (row !== undefined) own.push(row);
            if (++seen % ROWS_AT_ONCE !== 0) return;
            linger(1);
            const index = asked++;
            left++;
            socket!.request(LINK_1).subscribe({ next: () => answers.push(index), error: reject, complete: end });
          },
          error: reject,
          complete: end,
        });
      });
      // The stream emits messages that were read right after sending in the next turn of the event loop.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      stream.unsubscribe();
      expect(own.join(), `run ${run}`).to.equal(all);
      expect(rows.join(), `run ${run}`).to.equal(all);
      expect(answers, `run ${run}`).to.deep.equal(Array.from({ length: asked }, (_, index) => index));
      const replies = sequences.filter((sequence, index) => index > 0 && sequence < sequences[index - 1]!);
      // The dump is the oldest request, and its DONE arrives after many replies; all other sequence numbers ascend.
      expect(new Set(replies).size, `run ${run}`).to.be.lessThan(2);
      if (readsAhead() > before) runsAhead++;
    }
    // On a busy machine the thread may not run during some of the dumps.
    expect(runsAhead).to.be.greaterThan(RUNS / 2);
  });

  it('continues a dump after an overrun, and emits an OverrunError to subscribers of events', async () => {
    open({ receiveBufferSize: 65_536 }).connect();
    let overrun: unknown;
    socket!.multicast(ROUTE_GROUP).subscribe({ error: (error: unknown) => (overrun = error) });
    const rows: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket!.request(ROUTE_DUMP).subscribe({
        next: (message) => {
          const row = longRoute(message);
          if (row !== undefined && rows.push(row) === HALF) {
            // These events overflow the queue. The kernel has dropped some before the dump continues.
            const routes = Array.from({ length: 2000 }, (_, index) => `11.0.${index >> 8}.${index & 255}/32 dev v0`);
            namespace().batch([...routes.map((route) => `route add ${route}`), ...routes.map((route) => `route del ${route}`)]);
          }
        },
        error: reject,
        complete: resolve,
      });
    });
    await until('the loss', () => overrun !== undefined);
    expect(rows).to.deep.equal(expected);
    expect(overrun).to.be.instanceOf(OverrunError);
    expect((overrun as OverrunError).dropped).to.be.greaterThan(0);
  });

  it('drains a cancelled dump before it starts another dump', async () => {
    open().connect();
    for (let run = 0; run < 20; run++) {
      await lastValueFrom(socket!.request(ROUTE_DUMP).pipe(take(HALF + run)));
      expect(await firstValueFrom(socket!.request(LINK_1))).to.include({ type: NEWLINK });
    }
    expect(await rowsOf(socket!)).to.deep.equal(expected);
    expect(readsAhead()).to.be.greaterThan(0);
  });

  it('closes during a dump, and opens again', async () => {
    let ahead = 0;
    for (let run = 0; run < 20; run++) {
      const one = open();
      let seen = 0;
      const end = new Promise((resolve) => {
        one.request(ROUTE_DUMP).subscribe({
          next: () => {
            if (++seen % ROWS_AT_ONCE === 0) linger(1);
            if (seen !== HALF + run) return;
            ahead += readsAhead();
            one.close();
          },
          error: resolve,
          complete: () => resolve('completed'),
        });
      });
      expect(await end).to.be.instanceOf(SocketClosedError);
    }
    open().connect();
    expect(await rowsOf(socket!)).to.deep.equal(expected);
    expect(ahead).to.be.greaterThan(0);
  });
});
