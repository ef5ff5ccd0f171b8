import { expect } from 'chai';
import type { FamilyClient } from '../../../../lib/client/index.js';
import { SocketStates, sockDiag, type InetReply, type SockDiagFamily } from '../../../../lib/families/sock_diag.js';
import { withOwners } from '../../../../lib/index.js';
import { compareLines, inetFields } from '../../../families/compare/sock_diag.js';
import { inetLine, ssLines } from '../../../families/compare/sock-lines.js';
import { openSockets } from '../../../kernel/families/sockets/programs.js';
import { useNamespace } from '../../../support/namespace.js';
import { useTally } from '../../../support/tally.js';
import { last, modules } from '../../support.js';
import { vsockFields, vsockLine, xdpFields, xdpLine } from './lines.js';
import { RAW, VSOCK, XDP } from './programs.js';

describe('sockDiag on the wide kernel', () => {
  const namespace = useNamespace();
  const tally = useTally('ss, /proc/net and the program that opened the sockets');
  let client: FamilyClient<SockDiagFamily>;

  const ss = (options: string): string[] => ssLines(namespace(), options);

  before(async () => {
    modules('vsock', 'vsock_diag', 'vsock_loopback', 'xsk_diag', 'raw_diag', 'veth');
    namespace().ip('link add v0 type veth peer name v1');
    namespace().ip('link set v0 up');
    namespace().ip('link set lo up');
    await Promise.all([VSOCK, RAW, XDP].map((program) => openSockets(namespace(), program)));
    client = sockDiag({ netns: namespace().path });
  });
  after(() => client?.close());

  it('reads every value of vsock sockets that ss shows', async () => {
    const rows = await last(client.list('vsock').pipe(withOwners()));
    const lines = ss('--vsock -anp');
    expect(lines).to.have.length(7);
    compareLines(lines, rows, vsockLine, vsockFields, (at, shown, row) => {
      tally.compare(at, shown, row, vsockFields);
    });
    // The program has closed one direction of the client of port 1234.
    const closed = rows.map(({ dstPort, shutdown }) => [dstPort === 1234, shutdown]);
    expect(closed.filter(([isClient]) => isClient)).to.deep.equal([[true, 1]]);
    expect(closed.filter(([isClient, shutdown]) => !isClient && shutdown !== 0)).to.deep.equal([]);
    tally.add(rows.length);
  });

  for (const [state, option] of [
    ['Listen', 'listening'],
    ['Established', 'established'],
    ['Close', 'unconnected'],
  ] as const) {
    it(`selects vsock sockets by the state ${option}`, async () => {
      const rows = await last(client.list('vsock', { states: SocketStates[state] }).pipe(withOwners()));
      const lines = ss(`--vsock -np state ${option}`);
      // ss omits the state if the command line has one.
      expect(rows.map((row) => vsockFields['local']!(row, undefined))).to.have.members(lines.map((line) => line.trim().split(/\s+/)[3]));
      expect(rows.length).to.be.above(0);
      tally.add(rows.length);
    });
  }

  it('reads every value of XDP sockets that ss shows', async () => {
    const links = JSON.parse(namespace().ip('-j link show')) as { ifindex: number; ifname: string }[];
    const fields = xdpFields(new Map(links.map(({ ifindex, ifname }) => [ifindex, ifname])));
    const rows = await last(client.list('xdp'));
    const lines = ss('--xdp -aem');
    expect(lines).to.have.length(5);
    compareLines(lines, rows, xdpLine, fields, (at, shown, row) => {
      tally.compare(at, shown, row, fields);
    });
    const ring = rows.find(({ txRing }) => txRing?.entries === 128);
    expect(ring?.stats?.nTxInvalid).to.equal(1n);
    const bare = rows.filter(({ rxRing, txRing, umem }) => rxRing === undefined && txRing === undefined && umem === undefined);
    expect(bare).to.have.length(1);
    tally.add(2);
  });

  it('reads every value of raw sockets that ss and /proc/net show', async () => {
    const rows: InetReply[] = [];
    for (const family of [2, 10] as const) rows.push(...(await last(client.list('inet', { family, protocol: 'raw', ext: 0xff }))));
    const lines = ss('-waneom');
    expect(lines).to.have.length(8);
    compareLines(lines, rows, inetLine, inetFields, (at, shown, row) => {
      tally.compare(at, shown, row, inetFields);
    });
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
    const proc = ['raw', 'raw6'].flatMap((file) => namespace().run('cat', `/proc/net/${file}`).trim().split('\n').slice(1));
    const listed = proc.map((line) => {
      const [, local, , , queues, , , uid, , inode] = line.trim().split(/\s+/);
      return [Number.parseInt(local!.split(':')[1]!, 16), Number.parseInt(queues!.split(':')[1]!, 16), Number(uid), Number(inode)];
    });
    expect(rows.map(({ protocol, rqueue, uid, inode }) => [protocol, rqueue, uid, inode])).to.have.deep.members(listed);
    tally.add(4 * listed.length);
  });

  it('reads one raw socket by its protocol number and addresses', async () => {
    const [row] = await last(client.list('inet', { protocol: 'raw', id: { sport: 89 } }));
    const { cookie: _cookie, ...id } = row!.id;
    const one = await last(client.do('inet', { family: 2, protocol: 'raw', pad: 89, id }));
    expect(one).to.deep.include({ inode: row!.inode, id: row!.id, protocol: 89 });
    const error: unknown = await last(client.do('inet', { family: 2, protocol: 'raw', pad: 90, id })).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'ENOENT');
  });
});
