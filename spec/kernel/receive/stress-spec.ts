import { expect } from 'chai';
import { MessageFlags, OverrunError, Protocol, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, getLink, linkIndex } from '../../support/rtnetlink.js';
import { pause, until, useSockets } from '../../support/sockets.js';

const ROUTES = 1500;
const ROUNDS = 12;
/** The table of the changing routes. Table numbers above 255 are RT_TABLE_COMPAT in `struct rtmsg`. */
const [TABLE, COMPAT] = [999, 252];

/** IPv4 only: `struct rtmsg` with AF_INET. */
const dumpRoutes = { type: RTM.GETROUTE, flags: MessageFlags.Dump, payload: Uint8Array.of(2, ...new Uint8Array(11)) };

/** Combines events that overrun the queue with dumps and requests that wait, start, run and are cancelled. */
describe('a socket under stress', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const open = useSockets();
  const problems: string[] = [];
  let [running, received, overruns] = [0, 0, 0];

  before(() => {
    const lines = Array.from({ length: ROUTES }, (_, index) => `route add 10.${String(index >> 8)}.${String(index & 255)}.0/24 dev lo`);
    namespace().batch(lines);
  });
  beforeEach(() => {
    problems.length = running = received = overruns = 0;
  });

  /** Makes 1,000 events with `ip` while this process does not read. */
  function makeEvents(): void {
    const address = (index: number) => `198.18.${String(index >> 8)}.${String(index & 255)}`;
    const lines = Array.from({ length: 500 }, (_, index) => `${address(index)} dev lo table ${String(TABLE)}`);
    namespace().batch([...lines.map((line) => `route add ${line}`), ...lines.map((line) => `route del ${line}`)]);
  }

  function listen(socket: NetlinkSocket): void {
    socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({
      next: () => received++,
      error: (error: unknown) => {
        if (!(error instanceof OverrunError)) return;
        overruns++;
        listen(socket);
      },
    });
  }

  /** Dumps all routes, or cancels the dump after the given number of rows. */
  function dump(socket: NetlinkSocket, wanted: number, most = Infinity): void {
    let count = 0;
    running++;
    const subscription = socket.request(dumpRoutes).subscribe({
      next: ({ payload, group }) => {
        if (group !== 0) problems.push('an event in a dump');
        if (payload[4] !== COMPAT && ++count === most) queueMicrotask(cancel);
      },
      error: (error: unknown) => problems.push(`a dump ended with ${String(error)}`),
      complete: () => {
        running--;
        if (count !== wanted) problems.push(`a dump had ${String(count)} rows, not ${String(wanted)}`);
      },
    });
    function cancel(): void {
      if (subscription.closed) return;
      subscription.unsubscribe();
      running--;
    }
  }

  function request(socket: NetlinkSocket): void {
    const replies: Message[] = [];
    running++;
    socket.request(getLink(1)).subscribe({
      next: (reply) => replies.push(reply),
      error: (error: unknown) => {
        running--;
        if (!(error instanceof OverrunError)) problems.push(`a request ended with ${String(error)}`);
      },
      complete: () => {
        running--;
        if (replies.length !== 1 || linkIndex(replies[0]!) !== 1) problems.push(`a request had ${String(replies.length)} replies`);
      },
    });
  }

  for (const receiveBufferSize of [4096, 16_384, 106_496]) {
    it(`completes everything and receives events afterwards, with a queue of ${String(receiveBufferSize)} bytes`, async () => {
      const socket = open({ protocol: Protocol.Route, netns: namespace().path, receiveBufferSize });
      socket.connect();
      listen(socket);
      const wanted = (JSON.parse(namespace().ip('-j -4 route show table all')) as object[]).length;
      for (let round = 0; round < ROUNDS; round++) {
        // Combines each of these with each of the others, before and after it.
        if ((round & 1) !== 0) makeEvents();
        dump(socket, wanted, (round & 2) === 0 ? 1 + ((round * 331) % ROUTES) : Infinity);
        for (let count = 0; count < round; count++) request(socket);
        dump(socket, wanted);
        if ((round & 4) !== 0) makeEvents();
        request(socket);
        if ((round & 8) !== 0) {
          socket.pause();
          makeEvents();
          dump(socket, wanted);
          socket.resume();
        }
        if (round % 3 === 0) await pause(round % 5);
      }
      await until('the ends of all', () => running === 0 || problems.length > 0, 20_000);
      await pause();
      const before = received;
      for (const verb of ['add', 'del']) namespace().ip(`route ${verb} 203.0.113.1 dev lo table ${String(TABLE)}`);
      await until('the next events', () => received >= before + 2);
      expect(problems).to.deep.equal([]);
      expect(overruns).to.be.above(0);
      expect(socket.counters).to.deep.include({ strays: 0, spoofed: 0, overruns });
    });
  }
});
