import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import {
  AttributeEncoder,
  AttributeReader,
  MessageFlags,
  MessageType,
  NetlinkError,
  Protocol,
  bpf,
  type FilterProgram,
  type NetlinkSocket,
  type SocketFilter,
} from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, deleteLink, dumpLinks, getLink, join, linkIndex, linkName, newLink, newRoute } from '../../support/rtnetlink.js';
import { errorOf, collect, pause, until, useSockets } from '../../support/sockets.js';

const instruction = (code: number, jumpTrue: number, jumpFalse: number, operand: number) => ({ code, jumpTrue, jumpFalse, operand });
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const NETNS_NOTIFY = { group: 'mgmt', added: 2 } as const;

describe('filters', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  before(() => namespace().batch(Array.from({ length: 60 }, (_, index) => `link add f${String(index)} type bridge`)));
  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path, groups: [RTNLGRP.LINK, RTNLGRP.IPV4_ROUTE] });
    socket.connect();
  });

  const indexOf = (name: string) => (JSON.parse(namespace().run('ip', '-j', 'link', 'show', name)) as { ifindex: number }[])[0]!.ifindex;

  describe('of message types', () => {
    it('pass the messages of these types, and keep all others out of the queue', async () => {
      const received = collect(socket);
      socket.setFilter(bpf.messageTypes(RTM.DELLINK, RTM.DELROUTE));
      namespace().batch(['link add t0 type bridge', 'route add 192.0.2.1/32 dev lo', 'route del 192.0.2.1/32 dev lo', 'link del t0']);
      await until('the last event', () => received.values.some(({ type }) => type === RTM.DELLINK));
      await pause();
      expect(received.values.map(({ type, group }) => [type, group])).to.deep.equal([
        [RTM.DELROUTE, RTNLGRP.IPV4_ROUTE],
        [RTM.DELLINK, RTNLGRP.LINK],
      ]);
      expect(received.values.every(({ length, bytes }) => bytes.byteLength === length)).to.equal(true);
      expect(socket.drops).to.equal(0);
    });

    it('keep 5,000 events out without an overrun, until setFilter(null) removes them', async () => {
      const received = collect(socket);
      socket.setFilter(bpf.messageTypes(RTM.DELLINK));
      const lines = Array.from({ length: 5000 }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`);
      namespace().batch(lines);
      await pause();
      expect(received).to.deep.include({ values: [], end: undefined });
      socket.setFilter(null);
      namespace().ip('route add 192.0.2.3/32 dev lo');
      await until('the next event', () => received.values.length === 1);
      expect(socket.counters.overruns).to.equal(0);
      namespace().batch(lines.map((line) => line.replace('add', 'del')));
      await until('the overrun without a filter', () => received.end !== undefined);
      expect(received.end).to.include({ code: 'ENOBUFS' });
    });
  });

  const strict: Record<string, () => SocketFilter> = {
    'a type that the kernel does not send': () => bpf.messageTypes(4000),
    'an interface that does not exist': () => bpf.interfaceIndexes(0x7fffffff),
    'a command that the kernel does not send': () => bpf.genericCommands(255),
    'all of these conditions': () => bpf.every(bpf.messageTypes(4000), bpf.interfaceIndexes(0x7fffffff), bpf.genericCommands(255)),
  };
  for (const [name, filter] of Object.entries(strict)) {
    it(`pass every ack, error, DONE, dump, echo and reply to the socket unchanged with ${name}`, async () => {
      const shown = (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
      socket.setFilter(filter());
      const rows = await lastValueFrom(socket.request(dumpLinks, { timeout: 2000 }).pipe(toArray()));
      expect(rows.map((row) => linkName(row))).to.have.members(shown);
      expect(
        (await lastValueFrom(socket.request(getLink(1), { timeout: 2000 }).pipe(toArray()))).map((row) => linkName(row)),
      ).to.deep.equal(['lo']);
      expect(await lastValueFrom(socket.request(newLink('made', 'bridge'), { timeout: 2000 }).pipe(toArray()))).to.deep.equal([]);
      expect(await errorOf(socket.request(newLink('made', 'bridge'), { timeout: 2000 }))).to.include({ code: 'EEXIST' });
      const echo = newRoute('192.0.2.77', 1, { flags: MessageFlags.Create | MessageFlags.Exclusive | MessageFlags.Echo });
      expect(await lastValueFrom(socket.request(echo, { timeout: 2000 }).pipe(toArray()))).to.have.length(1);
      expect(await errorOf(socket.request({ ...dumpLinks, payload: new Uint8Array(1) }, { timeout: 2000 }))).to.include({ code: 'EINVAL' });
      const results = await lastValueFrom(socket.batch([newRoute('192.0.2.78', 1), newRoute('192.0.2.78', 1)]).pipe(toArray()));
      expect(results.map((result) => 'error' in result)).to.have.members([true, false]);
      await lastValueFrom(socket.request(deleteLink(indexOf('made')), { timeout: 2000 }).pipe(toArray()));
      await lastValueFrom(socket.batch(['192.0.2.77', '192.0.2.78'].map((to) => newRoute(to, 1, { type: RTM.DELROUTE, flags: 0 }))));
      expect(socket.counters).to.include({ strays: 0, overruns: 0 });
    });
  }

  it('of interfaces pass only the events of these', async () => {
    const [first, second] = [indexOf('f1'), indexOf('f2')];
    socket.setFilter(bpf.interfaceIndexes(first, second));
    const received = collect(socket.multicast(RTNLGRP.LINK));
    namespace().batch(['f0', 'f1', 'f3', 'f2', 'f4'].map((name) => `link set ${name} mtu 1400`));
    await until('the last event', () => received.values.some((message) => linkIndex(message) === second));
    await pause();
    expect(new Set(received.values.map(linkIndex))).to.deep.equal(new Set([first, second]));
  });

  it('of several conditions pass only the events that fulfil all', async () => {
    const first = indexOf('f5');
    socket.setFilter(bpf.every(bpf.interfaceIndexes(first, indexOf('f6')), bpf.messageTypes(RTM.DELLINK)));
    const received = collect(socket.multicast(RTNLGRP.LINK));
    namespace().batch(['link set f5 mtu 1300', 'link del f7', 'link del f5', 'link set f6 mtu 1300']);
    await until('the event', () => received.values.length > 0);
    await pause();
    expect(received.values.map((message) => [message.type, linkIndex(message)])).to.deep.equal([[RTM.DELLINK, first]]);
  });

  it('of generic commands pass only the events of these', async function () {
    const generic = open({ protocol: Protocol.Generic, netns: namespace().path });
    generic.connect();
    // CTRL_CMD_GETFAMILY with CTRL_ATTR_FAMILY_NAME; CTRL_ATTR_MCAST_GROUPS 7 holds names (1) and numbers (2).
    const getFamily = join(Uint8Array.of(3, 1, 0, 0), new AttributeEncoder().string(2, 'netdev').encode());
    const family = await lastValueFrom(generic.request({ type: 16, payload: getFamily })).catch((error: unknown) =>
      skipBecause(this, 'this kernel has no netdev family, whose events the spec causes', error),
    );
    const groups = [...(new AttributeReader(family.payload, { start: 4 }).find(7)?.attributes() ?? [])].map((one) => one.attributes());
    generic.joinGroup(
      groups
        .find((one) => one.find(1)?.string() === NETNS_NOTIFY.group)
        ?.find(2)
        ?.uint32() ?? 0,
    );
    generic.setFilter(bpf.genericCommands(NETNS_NOTIFY.added));
    const received = collect(generic);
    namespace().batch(['link add g0 type bridge', 'link del g0', 'link add g1 type bridge']);
    await until('two events', () => received.values.length === 2);
    await pause();
    expect(received.values.map(({ payload }) => payload[0])).to.deep.equal([NETNS_NOTIFY.added, NETNS_NOTIFY.added]);
  });

  it('of the options are applied at each opening, with the port ID of that opening', async () => {
    const later = open({ protocol: Protocol.Route, netns: namespace().path, filter: bpf.messageTypes(4000) });
    for (let opening = 0; opening < 2; opening++) {
      expect((await lastValueFrom(later.request(getLink(1), { timeout: 2000 }).pipe(toArray()))).map((row) => linkName(row))).to.deep.equal(
        ['lo'],
      );
      await pause();
      expect(later.isOpen).to.equal(false);
    }
  });

  it('of the caller are used unchanged: acks with one sequence number pass, others are dropped (TestIntegrationConnSetBPF)', async () => {
    const own = open({ protocol: Protocol.Generic, netns: namespace().path });
    const received = collect(own);
    const program: FilterProgram = [
      instruction(LOAD_WORD, 0, 0, 8),
      instruction(JUMP_IF_EQUAL, 1, 0, 0xffff_ffff),
      instruction(RETURN, 0, 0, 0),
      instruction(RETURN, 0, 0, 128),
    ];
    own.setFilter(program);
    const sendNoop = (sequence: number) => own.send({ type: 0, flags: MessageFlags.Request | MessageFlags.Ack, sequence });
    for (const sequence of [0xffff_ffff, 10, 0xffff_ffff]) sendNoop(sequence);
    await until('both acks', () => received.values.length === 2);
    await pause();
    expect(received.values.map(({ type, sequence }) => [type, sequence])).to.deep.equal(Array(2).fill([MessageType.Error, 0xffff_ffff]));
    own.setFilter(null);
    sendNoop(10);
    await until('the event', () => received.values.length === 3);
    expect(received.values[2]?.sequence).to.equal(10);
  });

  it('are rejected before the kernel receives them if they are not valid programs (TestIntegrationConnSetBPFEmpty)', () => {
    expect(() => {
      socket.setFilter([]);
    }).to.throw(RangeError, 'filter: expected 1 to 4096 instructions, got 0');
    const last = instruction(RETURN, 0, 0, 0xffff_ffff);
    expect(() => {
      socket.setFilter([instruction(JUMP_IF_EQUAL, 1, 0, 1), last]);
    }).to.throw(RangeError, /instruction 0 jumps past the end/);
    expect(() => {
      socket.setFilter([instruction(LOAD_WORD, 0, 0, 0)]);
    }).to.throw(RangeError, /must return/);
    expect(() => {
      socket.setFilter(null);
    }).to.not.throw();
    // A program that passes the checks and that the kernel rejects: an ancillary load that does not exist.
    expect(() => {
      socket.setFilter([instruction(0x28, 0, 0, 0xffff_f000 + 0xfff), last]);
    }).to.throw(NetlinkError, /EINVAL setFilter/);
  });
});
