import { hostIsLittleEndian } from '../../../lib/index.js';
import type { NftablesFamily } from '../../../lib/families/nftables.js';

type Rule = NftablesFamily['dump']['getrule']['reply'];
export type Expression = NonNullable<NonNullable<Rule['expressions']>['elem']>[number];
type Data = Extract<Expression, { name: 'immediate' }>['data'] extends infer Immediate
  ? NonNullable<Immediate> extends { data?: infer Inner }
    ? Inner
    : never
  : never;

// Names of `nft --debug=netlink` that differ from the specification's.
const META: Readonly<Record<string, string>> = {
  'l4-proto': 'l4proto',
  iftype: 'iiftype',
  'time-day': 'day',
  'time-hour': 'hour',
  'bri-iifname': 'bri_iifname',
};
const BASE: Readonly<Record<string, string>> = {
  'link-layer-header': 'link header',
  'network-header': 'network header',
  'transport-header': 'transport header',
};
const LEVEL = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const REJECT = ['icmp-unreach', 'tcp-rst', 'icmpx-unreach'];
/** NFT_FIB_F_*: the result of the lookup. */
const FIB = ['saddr', 'daddr', 'mark', 'iif', 'oif', 'present'];
/** The names of header bases; libnftnl has none for SCTP. */
const header = (op: string | number | undefined): string => (op === 'sctp' ? '' : `${String(op)} `);
/** NFT_EXTHDR_F_PRESENT */
const PRESENT = 1;
/** NFT_XFRM_KEY_*, XFRM_POLICY_* */
const XFRM = ['unspec', 'daddr4', 'daddr6', 'saddr4', 'saddr6', 'reqid', 'spi'];
const DIRECTIONS = ['in', 'out'];
/** AF_INET, AF_INET6; NFT_QUEUE_FLAG_* */
const ADDRESSES: Readonly<Record<number, string>> = { 0: 'inet', 2: 'ip', 10: 'ip6' };
const QUEUE = ['bypass', 'fanout'];
const UNIT: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour' };

/**
 * Registers are printed in words of four bytes, in the host's order. libnftnl 1.3.1, the first that specs meet on a big-endian machine,
 * prints no padding.
 */
function words(value: Uint8Array | undefined): string {
  const bytes = value ?? new Uint8Array();
  if (!hostIsLittleEndian)
    return Buffer.from(bytes)
      .toString('hex')
      .replaceAll(/.{1,8}/g, ' 0x$&')
      .trimStart();
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Array.from(
    { length: padded.length / 4 },
    (_, index) =>
      `0x${view
        .getUint32(index * 4, true)
        .toString(16)
        .padStart(8, '0')}`,
  ).join(' ');
}

function dataText(data: Data | undefined): string {
  if (data?.verdict === undefined) return words(data?.value);
  const { code, chain } = data.verdict;
  return chain === undefined ? String(code) : `${String(code)} -> ${chain}`;
}

function register(value: number | undefined): string {
  return String(value);
}

const hex = (value: number | undefined): string => `0x${(value ?? 0).toString(16)}`;

/** Returns an expression as `nft --debug=netlink` prints it; knows the expressions that the specs use. */
export function expressionText({ name, data }: Expression): string {
  if (data === undefined) return String(name);
  switch (name) {
    case 'meta': {
      const key = META[String(data.key)] ?? String(data.key);
      return data.dreg === undefined ? `meta set ${key} with reg ${register(data.sreg)}` : `meta load ${key} => reg ${register(data.dreg)}`;
    }
    case 'ct':
      return data.dreg === undefined
        ? `ct set ${String(data.key)} with reg ${register(data.sreg)}`
        : `ct load ${String(data.key)} => reg ${register(data.dreg)}`;
    case 'cmp':
      return `cmp ${String(data.op)} reg ${register(data.sreg)} ${words(data.data?.value)}`;
    case 'payload': {
      const { len, base, offset, dreg, sreg, csumType, csumOffset, csumFlags } = data;
      const at = `${String(len)}b @ ${BASE[String(base)]!} + ${String(offset)}`;
      if (dreg !== undefined) return `payload load ${at} => reg ${register(dreg)}`;
      return `payload write reg ${register(sreg)} => ${at} csum_type ${String(csumType)} csum_off ${String(csumOffset)} csum_flags ${hex(csumFlags)}`;
    }
    case 'bitwise':
      return `bitwise reg ${register(data.dreg)} = ( reg ${register(data.sreg)} & ${words(data.mask?.value)} ) ^ ${words(data.xor?.value)}`;
    case 'counter':
      return `counter pkts ${String(data.packets)} bytes ${String(data.bytes)}`;
    case 'immediate':
      return `immediate reg ${register(data.dreg)} ${dataText(data.data)}`;
    case 'lookup':
      return `lookup reg ${register(data.sreg)} set ${String(data.set)}${data.dreg === undefined ? '' : ` dreg ${register(data.dreg)}`} ${hex(data.flags)}`;
    case 'log':
      return data.group === undefined
        ? `log prefix ${String(data.prefix)} level ${String(LEVEL.indexOf(String(data.level)))}`
        : `log group ${String(data.group)} snaplen ${String(data.snaplen)} qthreshold ${String(data.qthreshold)}`;
    case 'limit':
      return `limit rate ${String(data.rate)}/${UNIT[Number(data.unit)] ?? '?'} burst ${String(data.burst)} type ${
        data.type === 'pkts' ? 'packets' : 'bytes'
      } flags 0x${(data.flags ?? 0).toString(16)}`;
    case 'reject':
      return `reject type ${String(REJECT.indexOf(String(data.type)))} code ${data.icmpCode ?? 0}`;
    case 'quota':
      return `quota bytes ${String(data.bytes)} consumed ${String(data.consumed)} flags ${String(data.flags)}`;
    case 'objref':
      return `objref type ${String(data.immType)} name ${String(data.immName)}`;
    case 'nat':
      return `nat ${String(data.type)} ${data.family === 2 ? 'ip' : 'ip6'} addr_min reg ${register(data.regAddrMin)} addr_max reg ${register(
        data.regAddrMax,
      )} proto_min reg ${register(data.regProtoMin)} proto_max reg ${register(data.regProtoMax)} flags 0x${(data.flags ?? 0).toString(16)}`;
    case 'range':
      return `range ${String(data.op)} reg ${register(data.sreg)} ${words(data.fromData?.value)} ${words(data.toData?.value)}`;
    case 'byteorder':
      return `byteorder reg ${register(data.dreg)} = ${String(data.op)}(reg ${register(data.sreg)}, ${String(data.size)}, ${String(data.len)})`;
    case 'fib':
      return `fib ${FIB.filter((_, bit) => (data.flags! & (1 << bit)) !== 0).join(' . ')} ${data.result === 'addrtype' ? 'type' : String(data.result)} => reg ${register(data.dreg)}`;
    case 'numgen':
      return `numgen reg ${register(data.dreg)} = ${data.type === 'incremental' ? 'inc' : 'random'} mod ${String(data.modulus)}`;
    case 'hash':
      return `hash reg ${register(data.dreg)} = jhash(reg ${register(data.sreg)}, ${String(data.len)}, ${hex(data.seed)}) % mod ${String(data.modulus)}`;
    case 'socket':
      return `socket load ${String(data.key)} => reg ${register(data.dreg)}`;
    case 'rt':
      return `rt load ${data.key === 'xfrm' ? 'ipsec' : String(data.key)} => reg ${register(data.dreg)}`;
    case 'exthdr': {
      const { op, type, len, offset, dreg, sreg } = data;
      const at = `${String(len)}b @ ${String(type)} + ${String(offset)}${((data.flags ?? 0) & PRESENT) === 0 ? '' : ' present'}`;
      return `exthdr ${dreg === undefined ? 'write' : 'load'} ${header(op)}${dreg === undefined ? `reg ${register(sreg)} => ${at}` : `${at} => reg ${register(dreg)}`}`;
    }
    case 'connlimit':
      return `connlimit count ${String(data.count)} flags ${String(data.flags)}`;
    case 'dup':
      return `dup${data.sregAddr === undefined ? '' : ` sreg_addr ${register(data.sregAddr)}`} sreg_dev ${register(data.sregDev)}`;
    case 'fwd':
      return `fwd sreg_dev ${register(data.sregDev)}`;
    case 'redir':
      return `redir proto_min reg ${register(data.regProtoMin)} proto_max reg ${register(data.regProtoMax)} flags ${hex(data.flags)}`;
    case 'masq':
      return `masq flags ${hex(data.flags)}`;
    case 'dynset':
      return `dynset ${String(data.op)} reg_key ${register(data.sregKey)} set ${String(data.setName)} timeout ${String(data.timeout)}ms expr [ ${expressionText(data.expr as Expression)} ]`;
    case 'synproxy':
      return `synproxy mss ${String(data.mss)} wscale ${String(data.wscale)}`;
    case 'tproxy':
      return `tproxy ${ADDRESSES[data.family!]!}${data.regAddr === undefined ? '' : ` addr reg ${register(data.regAddr)}`} port reg ${register(data.regPort)}`;
    case 'queue': {
      const { num, total, flags } = data;
      const words = QUEUE.filter((_, bit) => (flags! & (1 << bit)) !== 0).map((word) => ` ${word}`);
      return `queue num ${String(num)}${total === 1 ? '' : `-${String(num! + total! - 1)}`}${words.join('')}`;
    }
    case 'osf':
      return `osf dreg ${register(data.dreg)}`;
    case 'xfrm':
      return `xfrm load ${DIRECTIONS[data.dir!]!} ${String(data.spnum)} ${XFRM[data.key!]!} => reg ${register(data.dreg)}`;
    case 'last':
      return `last ${data.set === 0 ? 'never' : String(data.msecs)}`;
    case 'flow_offload':
      return `flow_offload flowtable ${String(data.name)}`;
    default:
      return name;
  }
}
