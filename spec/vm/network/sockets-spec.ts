import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { SocketEntry, SocketMemory, SocketOwners, XdpSocket } from '../../../lib/network/sockets/socket-entry.js';
import { compareLines } from '../../families/compare/sock_diag.js';
import { inetLine, ssLines } from '../../families/compare/sock-lines.js';
import type { Fields } from '../../families/compare/fields.js';
import { openSockets } from '../../kernel/families/sockets/programs.js';
import { one } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { vsockLine, xdpLine } from '../families/sockets/lines.js';
import { RAW, VSOCK, XDP } from '../families/sockets/programs.js';
import { modules } from '../support.js';

const STATES: Readonly<Record<string, string>> = { established: 'ESTAB', close: 'UNCONN', listen: 'LISTEN' };
const end = (found: { readonly cid: unknown; readonly port: unknown } | undefined): string =>
  [found?.cid ?? 'any', found?.port ?? 'any'].map((value) => (value === 'any' ? '*' : String(value))).join(':');

const vsockFields: Fields<SocketEntry<'vsock'> & SocketOwners> = {
  netid: ({ type }) => (type === 'stream' ? 'v_str' : type === 'dgram' ? 'v_dgr' : '???'),
  state: ({ state }) => STATES[state],
  local: ({ local }) => end(local),
  peer: ({ remote }) => end(remote),
  sk: ({ owners: [owner] }) => `pid=${String(owner?.processId)},fd=${String(owner?.descriptor)}`,
};

const memory =
  (name: keyof SocketMemory): ((socket: XdpSocket) => string) =>
  (socket) =>
    String(socket.memory?.[name]);
const xdpFields: Fields<XdpSocket> = {
  state: () => 'UNCONN',
  local: ({ link, xdp }) => (link === undefined ? '*' : `${link}:q${String(xdp.queue)}`),
  peer: () => '*',
  ino: ({ inode }) => String(inode),
  sk: ({ cookie }) => cookie.toString(16),
  uid: ({ uid }) => String(uid),
  'rx.entries': ({ xdp }) => String(xdp.receiveRing),
  'tx.entries': ({ xdp }) => String(xdp.sendRing),
  'fr.entries': ({ xdp }) => String(xdp.fillRing),
  'cr.entries': ({ xdp }) => String(xdp.completionRing),
  'tumem.id': ({ xdp }) => String(xdp.memoryArea?.id),
  'tumem.size': ({ xdp }) => String(xdp.memoryArea?.size),
  'tumem.num_pages': ({ xdp }) => String(xdp.memoryArea?.pages),
  'tumem.chunk_size': ({ xdp }) => String(xdp.memoryArea?.chunkSize),
  'tumem.headroom': ({ xdp }) => String(xdp.memoryArea?.headroom),
  // The link and the queue of the memory are in the row.
  'tumem.ifindex': (_socket, shown) => shown,
  'tumem.qid': (_socket, shown) => shown,
  'tumem.zc': ({ xdp }) => String(Number(xdp.memoryArea?.zeroCopy)),
  'tumem.refs': ({ xdp }) => String(xdp.memoryArea?.users),
  'stats.rx dropped': ({ xdp }) => String(xdp.statistics?.receiveDropped),
  'stats.rx invalid': ({ xdp }) => String(xdp.statistics?.receiveInvalid),
  'stats.rx queue full': ({ xdp }) => String(xdp.statistics?.receiveFull),
  'stats.rx fill ring empty': ({ xdp }) => String(xdp.statistics?.fillEmpty),
  'stats.tx invalid': ({ xdp }) => String(xdp.statistics?.sendInvalid),
  'stats.tx ring empty': ({ xdp }) => String(xdp.statistics?.sendEmpty),
  'skmem.r': memory('receive'),
  'skmem.rb': memory('receiveLimit'),
  'skmem.t': memory('send'),
  'skmem.tb': memory('sendLimit'),
  'skmem.f': memory('reserved'),
  'skmem.w': memory('sendQueue'),
  'skmem.o': memory('options'),
  'skmem.bl': memory('backlog'),
  'skmem.d': memory('drops'),
};

describe('network().sockets on the wide kernel', () => {
  const namespace = useNamespace();
  const tally = useTally('ss');
  let net: Network;

  const ss = (options: string): string[] => ssLines(namespace(), options);

  before(async () => {
    modules('vsock', 'vsock_diag', 'vsock_loopback', 'xsk_diag', 'raw_diag', 'veth');
    namespace().ip('link add v0 type veth peer name v1');
    namespace().ip('link set v0 up');
    await Promise.all([VSOCK, RAW, XDP].map((program) => openSockets(namespace(), program)));
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());

  it('reads every value of vsock sockets that ss shows', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'vsock', process: true }));
    compareLines(ss('--vsock -anp'), sockets, vsockLine, vsockFields, (at, shown, socket) => {
      tally.compare(at, shown, socket, vsockFields);
    });
    expect((await one(net.sockets.list({ protocol: 'vsock', port: 1234 }))).map(({ state }) => state)).to.have.members([
      'listen',
      'established',
    ]);
  });

  it('reads every value of XDP sockets that ss shows', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'xdp' }));
    compareLines(ss('--xdp -aem'), sockets, xdpLine, xdpFields, (at, shown, socket) => {
      tally.compare(at, shown, socket, xdpFields);
    });
    expect(await one(net.sockets.list({ protocol: 'xdp', link: 'v0' }))).to.have.length(1);
  });

  it('reads raw sockets, and closes one', async () => {
    const sockets = await one(net.sockets.list({ protocol: 'raw' }));
    const keys = (): string[] => ss('-waneom').map((line) => String(inetLine(line)['sk']));
    expect(sockets.map(({ cookie }) => cookie.toString(16))).to.have.members(keys());
    expect(sockets.map(({ raw }) => raw.protocol).sort((one, other) => one - other)).to.deep.equal([1, 58, 89, 89, 200, 201, 201, 202]);
    expect(await one(net.sockets.list({ protocol: 'raw', link: 'lo' }))).to.have.length(2);
    expect(await one(net.sockets.list({ protocol: 'raw', mark: 0x77 }))).to.have.length(1);
    const victim = sockets.find(({ remote, family }) => remote?.address === '127.0.0.2' && family === 4)!;
    await one(net.sockets.delete(victim));
    expect(await one(net.sockets.list({ protocol: 'raw', remote: '127.0.0.2' }))).to.have.length(0);
    tally.add(sockets.length);
  });
});
