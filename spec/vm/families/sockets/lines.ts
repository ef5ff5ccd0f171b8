import { compact, STATES } from '../../../families/compare/sock-lines.js';
import type { Fields, Shown } from '../../../families/compare/fields.js';
import type { VsockReply, XdpReply } from '../../../../lib/families/sock_diag.js';
import type { SocketOwner } from '../../../../lib/index.js';

/** `VMADDR_CID_ANY` and `VMADDR_PORT_ANY`. */
const ANY = 0xffff_ffff;

/** Splits a line of `ss --vsock -anpO -H`. The columns of the queues are always 0, because the kernel does not report them. */
export function vsockLine(line: string): Shown {
  const [netid, state, , , local, peer, users] = compact(line).split(' ');
  return { netid, state, local, peer, sk: /pid=\d+,fd=\d+/.exec(users ?? '')?.[0] };
}

function endpoint(context: number, port: number): string {
  return [context, port].map((value) => (value === ANY ? '*' : String(value))).join(':');
}

/** The keys of `ss --vsock -anpO`, which does not know the type seqpacket. The owner identifies the socket. */
export const vsockFields: Fields<VsockReply & { readonly owners: readonly SocketOwner[] }> = {
  netid: ({ type }) => (type === 'stream' ? 'v_str' : type === 'dgram' ? 'v_dgr' : '???'),
  state: ({ state }) => STATES[state],
  local: ({ srcCid, srcPort }) => endpoint(srcCid, srcPort),
  peer: ({ dstCid, dstPort }) => endpoint(dstCid, dstPort),
  sk: ({ owners: [owner] }) => `pid=${String(owner?.processId)},fd=${String(owner?.descriptor)}`,
};

/** Splits a line of `ss --xdp -aemO -H`; the columns of the queues are always 0. */
export function xdpLine(line: string): Shown {
  const [state, , , local, peer] = compact(line).split(' ');
  const shown: Record<string, unknown> = { state, local, peer };
  for (const [, key, value] of line.matchAll(/\b(ino|sk|uid):([0-9a-f]+)/g)) shown[key!] = value;
  for (const [, name, group] of line.matchAll(/\b([a-z]+):?\(([^)]*)\)/g)) {
    for (const part of group!.split(',')) {
      const [, key, value] = /^(.*?):?(\d+)$/.exec(part)!;
      shown[`${name!}.${key!}`] = value;
    }
  }
  return shown;
}

type Row = XdpReply;
type Memory = Exclude<Row['meminfo'], undefined>;
type Statistics = Exclude<Row['stats'], undefined>;
type Area = Exclude<Row['umem'], undefined>;

const memory =
  (name: keyof Memory): ((row: Row) => string) =>
  ({ meminfo }) =>
    String(meminfo?.[name]);
const statistic =
  (name: keyof Statistics): ((row: Row) => string) =>
  ({ stats }) =>
    String(stats?.[name]);
const area =
  (name: keyof Area): ((row: Row) => string) =>
  ({ umem }) =>
    String(umem?.[name]);

/**
 * Returns the fields of `ss --xdp -aemO`.
 *
 * @param devices - The names of the interfaces by index.
 */
export function xdpFields(devices: ReadonlyMap<number, string>): Fields<Row> {
  return {
    state: () => 'UNCONN',
    local: ({ info }) => (info === undefined || info.ifindex === 0 ? '*' : `${devices.get(info.ifindex) ?? '?'}:q${String(info.queueId)}`),
    peer: () => '*',
    ino: ({ ino }) => String(ino),
    sk: ({ cookie }) => (BigInt(cookie[0]!) | (BigInt(cookie[1]!) << 32n)).toString(16),
    uid: ({ uid }) => String(uid),
    'rx.entries': ({ rxRing }) => String(rxRing?.entries),
    'tx.entries': ({ txRing }) => String(txRing?.entries),
    'fr.entries': ({ umemFillRing }) => String(umemFillRing?.entries),
    'cr.entries': ({ umemCompletionRing }) => String(umemCompletionRing?.entries),
    // ss writes a letter too many.
    'tumem.id': area('id'),
    'tumem.size': area('size'),
    'tumem.num_pages': area('numPages'),
    'tumem.chunk_size': area('chunkSize'),
    'tumem.headroom': area('headroom'),
    'tumem.ifindex': area('ifindex'),
    'tumem.qid': area('queueId'),
    'tumem.zc': area('flags'),
    'tumem.refs': area('refs'),
    'stats.rx dropped': statistic('nRxDropped'),
    'stats.rx invalid': statistic('nRxInvalid'),
    'stats.rx queue full': statistic('nRxFull'),
    'stats.rx fill ring empty': statistic('nFillRingEmpty'),
    'stats.tx invalid': statistic('nTxInvalid'),
    'stats.tx ring empty': statistic('nTxRingEmpty'),
    'skmem.r': memory('rmemAlloc'),
    'skmem.rb': memory('rcvbuf'),
    'skmem.t': memory('wmemAlloc'),
    'skmem.tb': memory('sndbuf'),
    'skmem.f': memory('fwdAlloc'),
    'skmem.w': memory('wmemQueued'),
    'skmem.o': memory('optmem'),
    'skmem.bl': memory('backlog'),
    'skmem.d': memory('drops'),
  };
}
