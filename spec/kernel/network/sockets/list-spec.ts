import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import { isNetworkError } from '../../../../lib/network/common/network-error.js';
import { compareLines } from '../../../families/compare/sock_diag.js';
import { inetLine, ssLines, unixLine } from '../../../families/compare/sock-lines.js';
import { skipBecause, useNamespace } from '../../../support/namespace.js';
import { useTally } from '../../../support/tally.js';
import { hasMptcp, MULTIPATH, needsMptcp, OPEN, OTHERS, openSockets } from '../../families/sockets/programs.js';
import { one } from '../support.js';
import { mptcpFields, tcpFields, unixFields } from './fields.js';

/** A Unix connection with a name at one end. */
const NAMED = `
named = s.socket(s.AF_UNIX, s.SOCK_STREAM)
named.bind('\\0rxnl-named')
named.listen(1)
caller = s.socket(s.AF_UNIX, s.SOCK_STREAM)
caller.connect('\\0rxnl-named')
kept.extend((named, caller, named.accept()[0]))
`;

describe('network().sockets', () => {
  const namespace = useNamespace();
  const tally = useTally('ss and /proc/net');
  let net: Network;

  const ss = (options: string): string[] => ssLines(namespace(), options);
  const table = (file: string): (string | undefined)[][] =>
    namespace()
      .run('cat', `/proc/net/${file}`)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));

  before(async () => {
    await openSockets(namespace(), OPEN + OTHERS + MULTIPATH + NAMED);
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());

  it('reads every value of TCP sockets that ss shows', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'tcp' }));
    const lines = ss('-tanimeo');
    expect(lines.length).to.be.above(20);
    compareLines(lines, sockets, inetLine, tcpFields as never, (at, shown, socket) => {
      tally.compare(at, shown, socket, tcpFields);
    });
  });

  for (const [name, protocol, options, fields] of [
    ['UDP', 'udp', '-uaneom', tcpFields],
    ['MPTCP', 'mptcp', '-Manie', mptcpFields],
  ] as const) {
    it(`reads every value of ${name} sockets that ss shows`, async function () {
      if (protocol === 'mptcp') needsMptcp(this);
      const sockets = await one(net.sockets.list({ protocol }));
      expect(sockets.length).to.be.above(2);
      compareLines(ss(options), sockets, inetLine, fields as never, (at, shown, socket) => {
        tally.compare(at, shown, socket, fields);
      });
    });
  }

  it('reads raw sockets, or reports that the kernel cannot list them', async function () {
    const sockets = await one(net.sockets.list({ protocol: 'raw' })).catch((error: unknown) => {
      if (!isNetworkError(error, 'unsupported')) throw error;
      expect(error.message)
        .to.include("cannot list sockets: protocol: the kernel cannot list sockets of protocol 'raw'")
        .and.include('raw_diag');
      skipBecause(this, 'the kernel has no module for raw sockets');
    });
    const listed = ['raw', 'raw6'].flatMap(table).map((row) => Number(row[9]));
    expect(sockets.map(({ inode }) => inode)).to.have.members(listed);
    expect(sockets.map(({ raw }) => raw.protocol)).to.have.members([1, 58]);
  });

  it('reads every value of Unix sockets that ss shows, with the names of the peers', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'unix' }));
    compareLines(ss('-xae'), sockets, unixLine, unixFields, (at, shown, socket) => {
      tally.compare(at, shown, socket, unixFields);
    });
    const named = sockets.filter(({ local }) => local?.address === '@rxnl-named').map(({ inode }) => inode);
    const callers = sockets.filter(({ remote }) => remote?.address === '@rxnl-named');
    expect(callers).to.have.length(1);
    expect(named).to.include(callers[0]!.remote?.inode);
    const [listener] = await one(net.sockets.list({ protocol: 'unix', local: '@rxnl-abstract', state: 'listen' }));
    expect(listener).to.deep.include({ type: 'stream', local: { address: '@rxnl-abstract' } });
  });

  it('reads the packet sockets of /proc/net/packet', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'packet' }));
    // sk RefCnt Type Proto Iface R Rmem User Inode
    const shown = table('packet').map(([, , type, protocol, index, running, memory, user, inode]) => ({
      ...{ type: Number(type), etherType: Number.parseInt(protocol!, 16), index: Number(index), running: Number(running) },
      ...{ memory: Number(memory), user: Number(user), inode: Number(inode) },
    }));
    expect(shown).to.have.length(2);
    const read = sockets.map(({ type, packet, linkIndex = 0, memory, uid, inode }) => ({
      ...{ type: type === 'raw' ? 3 : 2, etherType: packet.etherType, index: linkIndex, running: Number(packet.running) },
      ...{ memory: memory?.receive, user: uid, inode },
    }));
    expect(read).to.have.deep.members(shown);
    expect(sockets.map(({ link }) => link)).to.have.members(['lo', undefined]);
    tally.add(14);
  });

  it('reads the netlink sockets of /proc/net/netlink', async () => {
    const [sockets, rows] = [await one(net.sockets.list({ protocol: 'netlink' })), table('netlink')];
    // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
    const shown = rows.map(([, protocol, portId, groups, , , , , drops, inode]) => [
      ...[Number(protocol), Number(portId), Number.parseInt(groups!, 16), Number(drops), Number(inode)],
    ]);
    const read = sockets.map(({ netlink, memory, inode }) => {
      const mask = netlink.groups.filter((group) => group <= 32).reduce((sum, group) => sum + 2 ** (group - 1), 0);
      return [NUMBERS[netlink.protocol] ?? netlink.protocol, netlink.portId, mask, memory?.drops, inode ?? 0];
    });
    expect(read.length).to.be.above(3);
    expect(read).to.include.deep.members(shown);
    tally.add(5 * shown.length);
  });

  it('finds the processes that have the sockets open', async () => {
    const listeners = await one(net.sockets.list({ protocol: 'tcp', state: 'listen', family: 4, process: true }));
    const shown = ss('-tlnp4').map((line) => /:(\d+) .*users:\(\("([^"]*)",pid=(\d+),fd=(\d+)\)\)/.exec(line)!.slice(1));
    expect(shown.length).to.be.above(1);
    const read = listeners.flatMap(({ local, owners }) =>
      owners.map(({ processId, command, descriptor }) => [local.port, command, processId, descriptor].map(String)),
    );
    expect(read).to.have.deep.members(shown);
    expect(await one(net.sockets.list({ protocol: 'tcp', port: 9, process: true }))).to.deep.equal([]);
  });

  it('lists the sockets of all protocols that the kernel has', async () => {
    const sockets = await one(net.sockets.list());
    const protocols = new Set(sockets.map(({ protocol }) => protocol));
    expect([...protocols]).to.include.members(['tcp', 'udp', 'unix', 'netlink', 'packet', ...(hasMptcp() ? ['mptcp'] : [])]);
    expect(JSON.parse(JSON.stringify(sockets))).to.have.length(sockets.length);
    // Unix sockets of the machine have processes in other namespaces too.
    expect(new Set(sockets.map(({ cookie }) => cookie)).size).to.equal(sockets.length);
  });
});

/** The numbers of those netlink protocols that each namespace has. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ route: 0, 'sock-diag': 4, xfrm: 6, audit: 9, 'fib-lookup': 10, netfilter: 12, 'kobject-uevent': 15, generic: 16 },
};
