import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { AttributeEncoder, MessageFlags, Protocol, type NetlinkSocket, type TraceEvent, hostIsLittleEndian } from '../../../lib/index.js';
import { loadFamily } from '../../../lib/spec-loader/index.js';
import { runChild } from '../../support/child.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, getLink, join, linkName } from '../../support/rtnetlink.js';
import { errorOf, collect, pause, until, useSockets } from '../../support/sockets.js';

/** A script that requests a link with a typed family, and prints it. */
const SCRIPT = (netns: string) => `
  const { rtLink } = await import('./lib/families/rt-link.js');
  const { lastValueFrom } = await import('rxjs');
  const link = rtLink({ netns: ${JSON.stringify(netns)} });
  const lo = await lastValueFrom(link.do('getlink', { ifname: 'lo' }));
  console.log(lo.ifname, lo.mtu);
  await lastValueFrom(link.do('newlink', { ifiIndex: 1, ifname: 'lo', linkinfo: { kind: 'nonsense' } }, { create: true, exclusive: true })).catch(() => undefined);
`;
const patient = { milliseconds: 30_000, bare: true };

/** The lines of the boxes; all have the same length. */
const boxes = (text: string) => text.split('\n').filter((line) => /^ *[|+-]/.test(line));

describe('NODE_DEBUG=rxnetlink', () => {
  const namespace = useNamespace();

  it('prints sent and received messages in boxes, with the names of operations and attributes', async () => {
    const { stdout, stderr, code } = await runChild(SCRIPT(namespace().path), { ...patient, env: { NODE_DEBUG: 'rxnetlink' } });
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'lo 65536\n' });
    expect(stderr).to.match(/RXNETLINK \d+: send getlink, port \d+, protocol 0/);
    expect(stderr).to.match(/RXNETLINK \d+: receive newlink, port \d+, protocol 0/);
    // The message that ends the request is a control message of netlink.
    expect(stderr).to.match(/RXNETLINK \d+: receive (error|done), port \d+, protocol 0/);
    expect(stderr).to.not.match(/receive ,/);
    const lines = boxes(stderr);
    expect(lines.length).to.be.greaterThan(50);
    // The layout of libmnl: a rule of dashes, then rows of | ... | of the same width.
    const rules = lines.filter((line) => /^-+\s+-+$/.test(line));
    expect(rules.length).to.be.greaterThan(4);
    expect(new Set(rules.map((line) => line.length)).size).to.equal(1);
    for (const name of ['ifname', 'mtu', 'qdisc', 'linkinfo']) expect(stderr).to.match(new RegExp(`\\b${name}\\b`));
    expect(stderr).to.match(/message length/);
    // No colors if stderr is not a terminal.
    expect(stderr).to.not.include('\x1b[');
  }).timeout(40_000);

  it('prints nothing if it is not set', async () => {
    const { stdout, stderr, code } = await runChild(SCRIPT(namespace().path), { ...patient, env: { NODE_DEBUG: '' } });
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: 'lo 65536\n', stderr: '' });
  }).timeout(40_000);
});

describe('diagnostics_channel', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const events: Record<string, TraceEvent[]> = {};
  const listeners = new Map<string, (event: unknown) => void>();
  let socket: NetlinkSocket;

  beforeEach(() => {
    for (const name of ['send', 'receive', 'overrun', 'stray', 'warning', 'unknown']) {
      const list: TraceEvent[] = [];
      events[name] = list;
      const listener = (event: unknown): void => void list.push(event as TraceEvent);
      listeners.set(`rxnetlink:${name}`, listener);
      subscribe(`rxnetlink:${name}`, listener);
    }
    socket = open({ protocol: Protocol.Route, netns: namespace().path });
    socket.connect();
  });
  afterEach(() => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
  });

  it('publishes sent and received messages with their socket, in order', async () => {
    await lastValueFrom(socket.request(getLink(1)).pipe(toArray()));
    await pause();
    const { portId } = socket;
    expect(events['send']).to.have.length(1);
    expect(events['send']?.[0]).to.include({ portId, protocol: Protocol.Route });
    const sent = events['send']?.[0]?.message;
    expect(sent).to.include({ type: 18, flags: MessageFlags.Request | MessageFlags.Ack, portId });
    expect(events['receive']?.map(({ message }) => message?.type)).to.deep.equal([16, 2]);
    expect(new Set(events['receive']?.map(({ message }) => message?.sequence))).to.deep.equal(new Set([sent?.sequence]));
    expect(linkName(events['receive']![0]!.message!)).to.equal('lo');
    expect(events).to.deep.include({ overrun: [], stray: [], warning: [], unknown: [] });
  });

  it('publishes each message of a dump once, and messages of send()', async () => {
    const rows = await lastValueFrom(socket.request(dumpLinks).pipe(toArray()));
    await pause();
    expect(events['receive']).to.have.length(rows.length + 1);
    socket.send({ ...getLink(1), flags: MessageFlags.Request });
    await until('the reply', () => events['receive']?.length === rows.length + 2);
    expect(events['send']).to.have.length(2);
    // No request waits for it.
    expect(events['stray']).to.have.length(1);
    expect(socket.counters.strays).to.equal(1);
  });

  it('publishes each message of a sent datagram', async () => {
    await lastValueFrom(socket.batch([getLink(1), getLink(1), getLink(1)]).pipe(toArray()));
    const { portId } = socket;
    expect(events['send']?.map(({ message }) => message?.type)).to.deep.equal([18, 18, 18]);
    expect(new Set(events['send']?.map(({ message }) => message?.sequence)).size).to.equal(3);
    for (const { message } of events['send']!) expect(message).to.include({ portId });
  });

  it('publishes an overrun with the number of dropped messages', async () => {
    socket.receiveBufferSize = 4096;
    const received = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    namespace().batch(Array.from({ length: 200 }, (_, index) => `route add 192.0.2.${String(index)}/32 dev lo`));
    await until('the error', () => received.end !== undefined);
    expect(events['overrun']).to.have.length(1);
    expect(events['overrun']?.[0]).to.include({ dropped: 200 - received.values.length, portId: socket.portId });
    expect(socket.counters).to.include({ overruns: 1, dropped: 200 - received.values.length });
  });

  it('publishes the warning of a successful request', async function () {
    const [link] = JSON.parse(namespace().run('ip', '-j', 'link', 'show', 'lo')) as { ifindex: number }[];
    try {
      namespace().run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'handle', '1:', 'htb');
    } catch (error) {
      skipBecause(this, 'this kernel has no htb', error);
    }
    // struct tcmsg of class 1:1, and struct tc_htb_opt with a rate whose quantum is too big (uapi/linux/pkt_sched.h).
    const header = new Uint8Array(new Int32Array([0, link?.ifindex ?? 0, 0x1_0001, 0x1_0000, 0]).buffer);
    const parameters = new DataView(new ArrayBuffer(44));
    for (const rate of [0, 12]) {
      parameters.setUint8(rate + 1, 1);
      parameters.setUint32(rate + 8, 1_250_000_000, hostIsLittleEndian);
    }
    const options = new AttributeEncoder().string(1, 'htb').nest(2, (htb) => htb.bytes(1, new Uint8Array(parameters.buffer)));
    const payload = join(header, options.encode());
    const flags = MessageFlags.Create | MessageFlags.Exclusive;
    expect(await lastValueFrom(socket.request({ type: 40, flags, payload }).pipe(toArray()))).to.deep.equal([]);
    await pause();
    namespace().run('tc', 'qdisc', 'del', 'dev', 'lo', 'root');
    if (events['warning']?.length === 0 && /HTB: quantum of class 10001 is big/.test(namespace().run('dmesg')))
      skipBecause(this, 'this kernel writes the warning of htb to its log and not into the ack');
    expect(events['warning']?.map(({ text }) => text)).to.deep.equal([
      'newtclass: sch_htb: quantum of class 10001 is big. Consider r2q change.',
    ]);
    expect(socket.counters.warnings).to.equal(1);
  });

  it('publishes a warning when a buffer is smaller than the requested size', () => {
    const greedy = open({ protocol: Protocol.Route, netns: namespace().path, receiveBufferSize: 0x7fff_ffff });
    greedy.connect();
    const got = greedy.receiveBufferSize;
    expect(got).to.be.lessThan(0x7fff_ffff);
    const text = `receive buffer: asked for 2147483647 bytes, got ${String(got)}; a larger size needs CAP_NET_ADMIN`;
    expect(events['warning']?.map((event) => event.text)).to.deep.equal([text]);
  });

  it('publishes values that the description lacks, each with its position', async () => {
    // CTRL_CMD_GETFAMILY, and only the family's name of its attributes (uapi/linux/genetlink.h).
    const load = loadFamily(`
name: nlctrl
protocol: genetlink
attribute-sets: [{ name: main, attributes: [{ name: family-name, type: string, value: 2 }] }]
operations:
  list: [{ name: getfamily, value: 3, attribute-set: main, do: { request: { value: 3, attributes: [family-name] }, reply: { value: 1, attributes: [family-name] } } }]
`);
    using client = load({ netns: namespace().path });
    await lastValueFrom(client.do('getfamily', { familyName: 'nlctrl' }));
    const texts = events['unknown']?.map(({ text }) => text) ?? [];
    // CTRL_ATTR_FAMILY_ID is 1 and a u16.
    expect(texts).to.include('specification: attribute 1 of 2 bytes at the top');
    expect(texts).to.have.length.above(4);
    expect(events['unknown']?.every(({ message, protocol }) => message?.type === 16 && protocol === Protocol.Generic)).to.equal(true);
    expect(client.socket.counters.unknown).to.equal(texts.length);
  });

  it('publishes nothing after its subscribers have unsubscribed', async () => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
    await lastValueFrom(socket.request(getLink(1)).pipe(toArray()));
    expect(await errorOf(socket.request(getLink(99_999)))).to.include({ code: 'ENODEV' });
    await pause();
    expect(Object.values(events).flat()).to.deep.equal([]);
  });
});
