import type { NftablesFamily } from '../../../lib/families/nftables.js';

type Rule = NftablesFamily['dump']['getrule']['reply'];
type Expression = NonNullable<NonNullable<Rule['expressions']>['elem']>[number];
type Data = Extract<Expression, { name: 'immediate' }>['data'] extends infer Immediate
  ? NonNullable<Immediate> extends { data?: infer Inner }
    ? Inner
    : never
  : never;

// Names as `nft --debug=netlink` prints them, where they are not the specification's.
const META: Readonly<Record<string, string>> = { 'l4-proto': 'l4proto' };
const LEVEL = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const UNIT: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour' };

/** Registers are printed in words of four bytes, in the host's order. */
function words(value: Uint8Array | undefined): string {
  const bytes = value ?? new Uint8Array();
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

const register = (value: number | string | undefined) => (typeof value === 'string' ? value.replace('reg-', '') : String(value));

/** An expression as `nft --debug=netlink` prints it, as far as the specs need them. */
export function expressionText({ name, data }: Expression): string {
  if (data === undefined) return String(name);
  switch (name) {
    case 'meta': {
      const key = META[String(data.key)] ?? String(data.key);
      return data.dreg === undefined ? `meta set ${key} with reg ${register(data.sreg)}` : `meta load ${key} => reg ${register(data.dreg)}`;
    }
    case 'ct':
      return `ct load ${String(data.key)} => reg ${register(data.dreg)}`;
    case 'cmp':
      return `cmp ${String(data.op)} reg ${register(data.sreg)} ${words(data.data?.value)}`;
    case 'payload':
      return `payload load ${String(data.len)}b @ ${String(data.base).replace('-', ' ')} + ${String(data.offset)} => reg ${register(data.dreg)}`;
    case 'bitwise':
      return `bitwise reg ${register(data.dreg)} = ( reg ${register(data.sreg)} & ${words(data.mask?.value)} ) ^ ${words(data.xor?.value)}`;
    case 'counter':
      return `counter pkts ${String(data.packets)} bytes ${String(data.bytes)}`;
    case 'immediate':
      return `immediate reg ${register(data.dreg)} ${dataText(data.data)}`;
    case 'lookup':
      return `lookup reg ${register(data.sreg)} set ${String(data.set)} 0x${(data.flags ?? 0).toString(16)}`;
    case 'log':
      return `log prefix ${String(data.prefix)} level ${String(LEVEL.indexOf(String(data.level)))}`;
    case 'limit':
      return `limit rate ${String(data.rate)}/${UNIT[Number(data.unit)] ?? '?'} burst ${String(data.burst)} type ${
        data.type === 0 ? 'packets' : 'bytes'
      } flags 0x${(data.flags ?? 0).toString(16)}`;
    case 'reject':
      return `reject type ${data.type === 'tcp-rst' ? '1' : '?'} code ${String(data.icmpCode ?? 0)}`;
    case 'quota':
      return `quota bytes ${String(data.bytes)} consumed ${String(data.consumed)} flags ${String(data.flags)}`;
    case 'objref':
      return `objref type ${String(data.immType)} name ${String(data.immName)}`;
    case 'nat':
      return `nat ${data.type === 0 ? 'snat' : 'dnat'} ${data.family === 2 ? 'ip' : 'ip6'} addr_min reg ${register(data.regAddrMin)} addr_max reg ${register(
        data.regAddrMax,
      )} proto_min reg ${register(data.regProtoMin)} proto_max reg ${register(data.regProtoMax)} flags 0x${(data.flags ?? 0).toString(16)}`;
    default:
      return name;
  }
}
