import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { AttributeEncoder, KernelError, MessageFlags, Protocol, decodeAck, parseIp, type NetlinkSocket } from '../../../lib/index.js';
import { host } from '../../support/host-order.js';
import { createNamespace, skipBecause, useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, dumpLinks, getLink, join, linkHeader, linkIndex, linkName, newRoute } from '../../support/rtnetlink.js';
import { errorOf, collect, pause, until, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of mdlayher/netlink's internal/integration and of jsimonetti/rtnetlink about rtnetlink, under their
 * names. The other tests:
 *   TestIntegrationEthtoolExtendedAcknowledge, BenchmarkNftablesDump and the tests of mdlayher/genetlink: generic-spec.ts
 *   TestBond ... TestVxlan, TestLive*: ../families/{link-read,address,neighbour,route}-spec.ts, compared with ip -j
 *   TestLinkXDP*: they load a program with bpf(2), which is not part of netlink; the attributes are ordinary nests
 */

const { Request, Ack, Create, Replace, Dump } = MessageFlags;
const IFLA_MASTER = 10;
const TABLE = 100;

describe('integration: rtnetlink', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path, strictCheck: true });
    socket.connect();
  });

  const indexOf = (name: string) => (JSON.parse(namespace().run('ip', '-j', 'link', 'show', name)) as { ifindex: number }[])[0]!.ifindex;

  it('TestIntegrationConnMulticast: receives the name of a new tun device', async function () {
    const links = collect(socket.multicast(RTNLGRP.LINK));
    try {
      namespace().run('ip', 'tuntap', 'add', 'nltest0', 'mode', 'tun');
    } catch (error) {
      skipBecause(this, 'no tun device can be made', error);
    }
    await until('the event', () => links.values.length > 0);
    expect(linkName(links.values[0]!)).to.equal('nltest0');
  });

  it('TestIntegrationConnNetNSExplicit: receives a new device only on the socket in its namespace', async () => {
    const other = createNamespace();
    try {
      const fd = openSync(other.path, 'r');
      const inner = open({ protocol: Protocol.Route, netns: { fd }, groups: [RTNLGRP.LINK] });
      const [inside, outside] = [collect(inner), collect(socket.multicast(RTNLGRP.LINK))];
      closeSync(fd);
      other.ip('link add nltestns0 type bridge');
      await until('the event', () => inside.values.length > 0);
      await pause(30);
      expect(linkName(inside.values[0]!)).to.equal('nltestns0');
      expect(outside).to.deep.include({ values: [], end: undefined });
    } finally {
      other.delete();
    }
  });

  it('TestIntegrationRTNetlinkStrictCheckExtendedAcknowledge: fails with the message of a DONE for an invalid header', async () => {
    const { values } = collect(socket);
    const payload = new Uint8Array(12);
    payload[0] = 2;
    // rtm_src_len
    payload[2] = 1;
    const error = (await errorOf(socket.request({ type: RTM.GETROUTE, flags: Dump, payload }))) as KernelError;
    expect(error).to.be.instanceOf(KernelError).and.include({ code: 'EINVAL' });
    expect(error.extendedAck.message).to.equal('Invalid values in header for FIB dump request');
    expect(error.extendedAck.offset).to.equal(undefined);
    expect(values.map(({ type }) => type)).to.deep.equal([3]);
    expect(decodeAck(values[0]!).errno).to.equal(-22);
  });

  it('TestIntegrationRTNetlinkRouteManipulation: writes, dumps and deletes two routes, each time in one datagram', async () => {
    const route = (destination: string, type: number, flags: number) => ({
      ...newRoute(destination, 1, { table: TABLE, type, flags }),
    });
    const destinations = ['192.2.2.1', '2001:db8::1'];
    const { values } = collect(socket);
    const writing = destinations.map((to) => route(to, RTM.NEWROUTE, Request | Create | Replace));
    socket.send(writing);
    const payload = join(new Uint8Array(12), new AttributeEncoder().uint32(15, TABLE).encode());
    const rows = await lastValueFrom(socket.request({ type: RTM.GETROUTE, flags: Dump, payload }).pipe(toArray()));
    expect(rows.map((row) => row.payload[0])).to.deep.equal([2, 10]);
    for (const [index, destination] of destinations.entries()) {
      expect(Buffer.from(rows[index]!.payload).includes(Buffer.from(parseIp(destination)))).to.equal(true);
    }
    values.length = 0;
    const deleting = socket.send(destinations.map((to) => route(to, RTM.DELROUTE, Request | Ack)));
    await until('both were acked', () => values.length === 2);
    expect(values.map((message) => [message.sequence, decodeAck(message).errno])).to.deep.equal(
      deleting.map(({ sequence }) => [sequence, 0]),
    );
    expect(namespace().run('sh', '-c', 'ip route show table 100; ip -6 route show table 100')).to.equal('');
  });

  it('TestLinkListByKind: dumps no links for a kind that no link has', async () => {
    // The kernel lists all links if it does not know the kind: this loads the module.
    namespace().batch(['link add kind0 type bridge', 'link add kind1 type veth peer name kind2', 'link del kind1']);
    const ofKind = (kind: string) => ({
      ...dumpLinks,
      payload: join(linkHeader(), new AttributeEncoder().nest(18, (info) => info.string(1, kind)).encode()),
    });
    expect(await lastValueFrom(socket.request(ofKind('veth')).pipe(toArray()))).to.deep.equal([]);
    const bridges = await lastValueFrom(socket.request(ofKind('bridge')).pipe(toArray()));
    const shown = (JSON.parse(namespace().run('ip', '-j', 'link', 'show', 'type', 'bridge')) as { ifname: string }[]).map(
      ({ ifname }) => ifname,
    );
    expect(bridges.map((message) => linkName(message))).to.have.members(shown);
  });

  it('TestLinkSetMaster, TestLinkRemoveMaster: sets and removes a master', async () => {
    namespace().batch(['link add master0 type bridge', 'link add port0 type veth peer name port1']);
    const [bridge, port] = [indexOf('master0'), indexOf('port0')];
    for (const master of [bridge, 0]) {
      const payload = join(linkHeader(port), new AttributeEncoder().uint32(IFLA_MASTER, master).encode());
      await lastValueFrom(socket.request({ type: RTM.NEWLINK, payload }).pipe(toArray()));
      const [link] = JSON.parse(namespace().run('ip', '-j', 'link', 'show', 'port0')) as { master?: string }[];
      expect(link?.master).to.equal(master === 0 ? undefined : 'master0');
    }
  });

  it('TestListMatch: dumps only the routes of the table that the request names', async () => {
    namespace().batch(['route add 192.0.2.0/24 dev lo', 'route add 198.51.100.0/24 dev lo', 'route add 203.0.113.0/24 dev lo table 99']);
    const header = new Uint8Array(12);
    header[0] = 2;
    const payload = join(header, new AttributeEncoder().uint32(15, 254).encode());
    const rows = await lastValueFrom(socket.request({ type: RTM.GETROUTE, flags: Dump, payload }).pipe(toArray()));
    expect(rows.map((row) => row.payload[4])).to.deep.equal([254, 254]);
    expect(rows.every(({ flags }) => (flags & MessageFlags.DumpFiltered) !== 0)).to.equal(true);
  });

  it('TestLiveAddrAddDel: adds an address to lo, and deletes it', async () => {
    const address = parseIp('127.0.0.99');
    const payload = join(
      Uint8Array.of(2, 32, 0, 0, ...host(1, 0, 0, 0)),
      new AttributeEncoder().bytes(2, address).bytes(1, address).encode(),
    );
    const shown = () => namespace().run('ip', '-4', '-o', 'addr', 'show', 'lo');
    await lastValueFrom(socket.request({ type: 20, flags: Create, payload }).pipe(toArray()));
    expect(shown()).to.include('127.0.0.99/32');
    await lastValueFrom(socket.request({ type: 21, payload }).pipe(toArray()));
    expect(shown()).to.not.include('127.0.0.99/32');
  });

  it('TestLiveLinks: reads each link of a dump by its index', async () => {
    const links = await lastValueFrom(socket.request(dumpLinks).pipe(toArray()));
    for (const link of links) {
      const [again] = await lastValueFrom(socket.request(getLink(linkIndex(link))).pipe(toArray()));
      expect(linkName(again!)).to.equal(linkName(link)).and.not.equal('');
    }
  });
});
