import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, take, toArray, type Observable } from 'rxjs';
import {
  AttributeEncoder,
  DumpInterruptedError,
  KernelError,
  MessageFlags,
  MessageType,
  OverrunError,
  Protocol,
  SocketClosedError,
  TruncatedError,
  iterateMessages,
  type Message,
  type NetlinkSocket,
  type NetlinkSocketOptions,
} from '../../../lib/index.js';
import { int32 } from '../../support/messages.js';
import { useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, dumpLinks, getLink, join, linkHeader, linkName, newLink, newRoute } from '../../support/rtnetlink.js';
import { errorOf, collect, until, useSockets } from '../../support/sockets.js';

/*
 * The specs of the fault matrix in docs/contributing/faults.md: each injects a fault and counts the results. The last spec
 * compares the figures of the page with the counted ones.
 */

const LINKS = 200;
const UNUSED_INDEX = 0x7ffffff0;

interface Figures {
  injected: number;
  /** The number of faults that the subscriber observed as documented. */
  seen: number;
  /** The number of messages that were lost without an error. */
  lostSilently: number;
}

describe('the fault matrix', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const open = useSockets();
  const figures = new Map<string, Figures>();
  let names: string[];

  before(() => {
    namespace().batch(Array.from({ length: LINKS }, (_, index) => `link add m${String(index)} type bridge`));
    names = (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
  });

  const route = (options: Partial<NetlinkSocketOptions> = {}): NetlinkSocket => {
    const socket = open({ protocol: Protocol.Route, netns: namespace().path, ...options });
    socket.connect();
    return socket;
  };
  const repliesOf = (stream: Observable<Message>) => lastValueFrom(stream.pipe(toArray()));
  const isWhole = (rows: readonly Message[]) => {
    const seen = new Set(rows.map((row) => linkName(row)));
    return rows.length === names.length && names.every((name) => seen.has(name));
  };

  /** Runs one fault several times; each round returns the number of injected and of observed faults. */
  function fault(name: string, rounds: number, inject: (round: number) => Promise<Figures> | Figures): void {
    it(`reports each ${name}, and loses nothing silently`, async () => {
      const total = { injected: 0, seen: 0, lostSilently: 0 };
      for (let round = 0; round < rounds; round++) {
        const { injected, seen, lostSilently } = await inject(round);
        total.injected += injected;
        total.seen += seen;
        total.lostSilently += lostSilently;
      }
      figures.set(name, total);
      expect(total.injected).to.be.at.least(rounds);
      expect(total).to.deep.equal({ injected: total.injected, seen: total.injected, lostSilently: 0 });
    });
  }

  const once = (seen: boolean, lostSilently = 0): Figures => ({ injected: 1, seen: seen ? 1 : 0, lostSilently });

  fault('overrun', 20, async (round) => {
    const socket = route({ receiveBufferSize: 8192 });
    const events = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const actor = route();
    socket.pause();
    for (let index = 0; index < 200; index++)
      await repliesOf(actor.request(newRoute(`192.0.2.${String(index)}`, 1, { table: 900 + round })));
    socket.resume();
    await until('the end of the stream', () => events.end !== undefined);
    const { end, values } = events;
    socket.close();
    return end instanceof OverrunError ? once(end.dropped > 0, 200 - values.length - end.dropped) : once(false, 200 - values.length);
  });

  fault('truncation', 100, async (round) => {
    const socket = route({ datagramSize: 512 });
    const error = await errorOf(socket.request(round % 2 === 0 ? getLink(1) : dumpLinks, { timeout: 5000 }));
    const next = await repliesOf(socket.request({ type: MessageType.Noop }, { timeout: 5000 }));
    socket.close();
    return once(error instanceof TruncatedError && error.kept === 512 && error.length > 512 && next.length === 0);
  });

  fault('spoofed reply', 100, async () => {
    const [socket, forger] = [route(), route()];
    const waiting = collect(socket.request({ type: MessageType.Noop, sequence: 7 }, { ack: false }));
    const asked = { sequence: 7, portId: socket.portId };
    const payload = join(int32(0), new Uint8Array(16));
    const forged = [RTM.NEWLINK, MessageType.Error, MessageType.Done].map((type) => ({ type, payload, ...asked }));
    for (const init of forged) forger.send(init, { to: { portId: socket.portId } });
    await until('all counts', () => socket.counters.spoofed === forged.length);
    const { values, end } = waiting;
    const rows = await repliesOf(socket.request(getLink(1)));
    const seen = values.length === 0 && end === undefined && rows.length === 1 ? forged.length : 0;
    for (const one of [socket, forger]) one.close();
    return { injected: forged.length, seen, lostSilently: 0 };
  });

  fault('echoed notification', 10, async (round) => {
    const socket = route();
    const events = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    let wrong = 0;
    for (let index = 0; index < 100; index++) {
      wrong += (await repliesOf(socket.request(newRoute(`198.51.100.${String(index)}`, 1, { table: 800 + round })))).length;
    }
    await until('all events', () => events.values.length === 100);
    const own = events.values.filter(({ portId, sequence }) => portId === socket.portId && sequence !== 0).length;
    socket.close();
    return { injected: own, seen: 100 - wrong, lostSilently: 100 - events.values.length };
  });

  fault('interrupted dump', 20, async (round) => {
    const [socket, actor] = [route(), route()];
    const ended = errorOf(socket.request(dumpLinks, { timeout: 5000 }));
    // The kernel has written the first part of the dump; it writes the next parts when the socket reads.
    await repliesOf(actor.request(newLink(`i${String(round)}`, 'bridge')));
    const error = await ended;
    namespace().ip(`link delete i${String(round)}`);
    for (const one of [socket, actor]) one.close();
    return once(error instanceof DumpInterruptedError);
  });

  fault('EBUSY', 50, async () => {
    const socket = route();
    const all = collect(socket);
    // A dump that the exchange does not know, and a dump that must nevertheless complete.
    const { sequence } = socket.send({ ...dumpLinks, flags: MessageFlags.Request | MessageFlags.Dump });
    const rows = await repliesOf(socket.request(dumpLinks, { timeout: 5000 }));
    const refused = all.values.filter(
      ({ type, payload }) => type === MessageType.Error && new Int32Array(payload.slice(0, 4).buffer)[0] === -16,
    );
    const foreign = all.values.filter((message) => message.sequence === sequence && message.type === RTM.NEWLINK);
    socket.close();
    return {
      injected: refused.length > 0 ? 1 : 0,
      seen: isWhole(rows) && refused.length > 0 ? 1 : 0,
      lostSilently: names.length - foreign.length,
    };
  });

  fault('capped error', 200, async (round) => {
    const socket = route({ cappedAck: round % 2 === 0 });
    const padding = new AttributeEncoder().bytes(200, new Uint8Array(500).fill(round)).encode();
    const request = { type: RTM.DELLINK, payload: join(linkHeader(UNUSED_INDEX), padding) };
    const error = await errorOf(socket.request(request, { timeout: 5000 }));
    socket.close();
    if (!(error instanceof KernelError) || error.code !== 'ENODEV') return once(false);
    const [sent] = [...iterateMessages(error.request ?? new Uint8Array())];
    return once(sent !== undefined && Buffer.compare(sent.payload, request.payload) === 0);
  });

  fault('DONE with error', 100, async () => {
    const socket = route();
    const payload = join(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new AttributeEncoder().uint32(15, 54_321).encode());
    const error = await errorOf(socket.request({ type: RTM.GETROUTE, flags: MessageFlags.Dump, payload }, { timeout: 5000 }));
    socket.close();
    return once(error instanceof KernelError && error.code === 'ENOENT' && error.extendedAck.message !== undefined);
  });

  fault('cancelled dump', 100, async (round) => {
    const socket = route();
    const cancelled = await repliesOf(socket.request(dumpLinks).pipe(take(1 + (round % 100))));
    const rows = await repliesOf(socket.request(dumpLinks, { timeout: 5000 }));
    const { strays } = socket.counters;
    socket.close();
    return once(cancelled.length === 1 + (round % 100) && strays === 0, isWhole(rows) ? 0 : names.length - rows.length);
  });

  fault('closed socket', 50, () => {
    const socket = route();
    const streams = [collect(socket), collect(socket.datagrams), collect(socket.multicast(1))];
    const requests = [
      collect(socket.request(dumpLinks)),
      collect(socket.request(dumpLinks)),
      collect(socket.request({ type: MessageType.Noop }, { ack: false })),
    ];
    socket.pause();
    requests.push(collect(socket.request(getLink(1))));
    socket.close();
    return once([...streams, ...requests].every(({ end }) => end instanceof SocketClosedError && end.reason === 'closed'));
  });

  it('counts the figures in docs/contributing/faults.md', () => {
    const page = readFileSync(new URL('../../../docs/contributing/faults.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('|') && line.includes('`kernel/requests/faults-spec.ts`'));
    const stated = rows.map((line) => {
      const [, name = '', , often = '', , , lost = ''] = line.split('|').map((cell) => cell.trim());
      return [name, Number(often.replaceAll(',', '')), Number(lost)];
    });
    expect(stated).to.have.deep.members([...figures].map(([name, { injected, lostSilently }]) => [name, injected, lostSilently]));
  });
});
