import type {
  GetpolicyReply,
  GetsaReply,
  XfrmAlgo,
  XfrmLifetimeCfg,
  XfrmLifetimeCur,
  XfrmSelector,
  XfrmUserTmpl,
} from '../../../lib/families/generated/xfrm.js';

const AF_INET = 2;
const INFINITE = 0xffff_ffff_ffff_ffffn;
const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' };
const TYPES_AND_CODES: readonly number[] = [1, 58];

/** iproute2's names of the bits, in its order. */
const STATE_FLAGS = ['noecn', 'decap-dscp', 'nopmtudisc', 'wildrecv', 'icmp', 'af-unspec', 'align4', 'esn'];
const EXTRA_FLAGS = ['dont-encap-dscp', 'oseq-may-wrap'];
const POLICY_FLAGS = ['localok', 'icmp', 'cpu-acquire'];
const MODES: Readonly<Record<string, string>> = { routeoptimization: 'ro', 'in-trigger': 'in_trigger' };
const PROTOCOLS: Readonly<Record<string, string>> = { routing: 'route2', dstopts: 'hao' };

/** Facts that are not in the message. */
interface Style {
  /** The names of interfaces, by index. */
  readonly devices?: Readonly<Record<number, string>>;
  /** Times are in UTC; otherwise in the time zone of this process. */
  readonly utc?: true;
}

const hex = (value: number | bigint, digits = 1): string => `0x${value.toString(16).padStart(digits, '0')}`;
const keyText = (key: Uint8Array): string => `0x${Buffer.from(key).toString('hex')}`;
const bits8 = (value: number): string => value.toString(2).padStart(8, '0');
const named = (value: number, names: readonly string[]): string => names.filter((_, at) => (value & (1 << at)) !== 0).join(' ');

/** Returns an address; the zeros of no family are printed in another one. */
function address(value: string | Uint8Array, family: number): string {
  if (typeof value === 'string') return value;
  return family === AF_INET ? '0.0.0.0' : '::';
}

function selector({ daddr, saddr, proto, family: own, ...sel }: XfrmSelector, outer: number, { devices = {} }: Style): string {
  const family = own === 0 ? outer : own;
  const words = [`src ${address(saddr, family)}/${sel.prefixlenS} dst ${address(daddr, family)}/${sel.prefixlenD} `];
  if (proto !== 0) words.push(`proto ${NAMES[proto] ?? proto} `);
  const [first, second] = TYPES_AND_CODES.includes(proto) ? ['type', 'code'] : ['sport', 'dport'];
  if (sel.sportMask !== 0) words.push(`${first} ${sel.sport} `);
  if (sel.dportMask !== 0) words.push(`${second} ${sel.dport} `);
  if (sel.ifindex !== 0) words.push(`dev ${devices[sel.ifindex] ?? sel.ifindex} `);
  words.push(`uid ${sel.user}`);
  return words.join('');
}

/** Returns true for a selector of zeros, which ip does not print. */
function isEmpty(sel: XfrmSelector): boolean {
  return Object.values(sel).every(
    (value) =>
      value === 0 ||
      (ArrayBuffer.isView(value) && (value as Uint8Array).every((byte) => byte === 0)) ||
      ['0.0.0.0', '::'].includes(value as string),
  );
}

function lifetime(lft: XfrmLifetimeCfg, current: XfrmLifetimeCur, style: Style): string {
  const limit = (value: bigint): string => (value === INFINITE ? '(INF)' : String(value));
  return [
    '\tlifetime config:',
    `\t  limit: soft ${limit(lft.softByteLimit)}(bytes), hard ${limit(lft.hardByteLimit)}(bytes)`,
    `\t  limit: soft ${limit(lft.softPacketLimit)}(packets), hard ${limit(lft.hardPacketLimit)}(packets)`,
    `\t  expire add: soft ${lft.softAddExpiresSeconds}(sec), hard ${lft.hardAddExpiresSeconds}(sec)`,
    `\t  expire use: soft ${lft.softUseExpiresSeconds}(sec), hard ${lft.hardUseExpiresSeconds}(sec)`,
    '\tlifetime current:',
    `\t  ${current.bytes}(bytes), ${current.packets}(packets)`,
    `\t  add ${timeText(current.addTime, style)} use ${timeText(current.useTime, style)}`,
  ].join('\n');
}

function algorithm(word: string, { algName, algKey, algKeyLen }: XfrmAlgo, more = ''): string {
  const shown = algKeyLen === 0 ? '' : ` ${keyText(algKey)} (${algKeyLen} bits)`;
  return `\t${word} ${algName}${shown}${more}\n`;
}

function template({ id, family, saddr, reqid, mode, share, optional, aalgos, ealgos, calgos }: XfrmUserTmpl): string {
  const lines = [
    `\ttmpl src ${address(saddr, family)} dst ${address(id.daddr, family)}\n`,
    `\t\tproto ${PROTOCOLS[id.proto] ?? id.proto} spi ${hex(id.spi, 8)}(${id.spi}) reqid ${reqid}(${hex(reqid, 8)}) mode ${MODES[mode] ?? mode}\n`,
    `\t\tlevel ${optional === 0 ? 'required' : 'use'} share ${share} \n`,
    `\t\tenc-mask ${hex(ealgos, 8).slice(2)} auth-mask ${hex(aalgos, 8).slice(2)} comp-mask ${hex(calgos, 8).slice(2)}\n`,
  ];
  return lines.join('');
}

/** Returns a state in the words of `ip -s xfrm state`. */
export function stateText(state: GetsaReply, style: Style = {}): string {
  const { id, reqid, seq, family, flags, saExtraFlags, mark, setMark, setMarkMask, encap, replayVal, replayEsnVal, stats } = state;
  let text = `src ${address(state.saddr, family)} dst ${address(id.daddr, family)}\n`;
  text += `\tproto ${PROTOCOLS[id.proto] ?? id.proto} spi ${hex(id.spi, 8)}(${id.spi}) reqid ${reqid}(${hex(reqid, 8)}) mode ${MODES[state.mode] ?? state.mode}\n`;
  text += `\treplay-window ${state.replayWindow} seq 0x${String(seq).padStart(8, '0')} flag ${named(flags, STATE_FLAGS)}`;
  if (saExtraFlags !== undefined) text += ` extra_flag ${named(saExtraFlags, EXTRA_FLAGS)}`;
  text += ` (0x${bits8(flags)})`;
  text += '\n';
  if (mark !== undefined) text += `\tmark ${hex(mark.v)}/${hex(mark.m)} \n`;
  if (setMark !== undefined) text += `\toutput-mark ${hex(setMark)}/${hex(setMarkMask ?? 0)} \n`;
  if (state.algAuthTrunc !== undefined) text += algorithm('auth-trunc', state.algAuthTrunc, ` ${state.algAuthTrunc.algTruncLen}`);
  if (state.algAead !== undefined) text += algorithm('aead', state.algAead, ` ${state.algAead.algIcvLen}`);
  if (state.algCrypt !== undefined) text += algorithm('enc', state.algCrypt);
  if (state.algComp !== undefined) text += algorithm('comp', state.algComp);
  if (encap !== undefined) {
    const type = encap.encapType === 'espinudp-non-ike' ? 'espinudp-nonike' : encap.encapType;
    text += `\tencap type ${type} sport ${encap.encapSport} dport ${encap.encapDport} addr ${address(encap.encapOa, family)}\n`;
  }
  if (state.coaddr !== undefined) text += `\tcoa ${address(state.coaddr, family)}\n`;
  if (state.lastused !== undefined) text += `\tlastused ${timeText(state.lastused, style)}\n`;
  if (replayVal !== undefined)
    text += `\tanti-replay context: seq ${hex(replayVal.seq)}, oseq ${hex(replayVal.oseq)}, bitmap ${hex(replayVal.bitmap, 8)}\n`;
  if (replayEsnVal !== undefined) {
    const { seqHi, seq: low, oseqHi, oseq, replayWindow, bmp } = replayEsnVal;
    text += '\tanti-replay esn context:\n';
    text += `\t seq-hi ${hex(seqHi)}, seq ${hex(low)}, oseq-hi ${hex(oseqHi)}, oseq ${hex(oseq)}\n`;
    text += `\t replay_window ${replayWindow}, bitmap-length ${bmp.length}\n\t`;
    text += `${bmp.map((word) => ` ${hex(word, 8).slice(2)}`).join('')}\n`;
  }
  if (state.ifId !== undefined) text += `\tif_id ${hex(state.ifId)}\n`;
  if (state.tfcpad !== undefined) text += `\ttfcpad ${state.tfcpad}\n`;
  if (state.saDir !== undefined) text += `\tdir ${state.saDir}\n`;
  if (state.natKeepaliveInterval !== undefined) text += `\tnat_keepalive_interval ${state.natKeepaliveInterval}\n`;
  if (!isEmpty(state.sel)) text += `\tsel ${selector(state.sel, family, style)}\n`;
  text += `${lifetime(state.lft, state.curlft, style)}\n`;
  return `${text}\tstats:\n\t  replay-window ${stats.replayWindow} replay ${stats.replay} failed ${stats.integrityFailed}\n`;
}

/** Returns a policy in the words of `ip -s xfrm policy`. */
export function policyText(policy: GetpolicyReply, style: Style = {}): string {
  const { sel, dir, action, index, priority, share, flags, mark, ifId, tmpl = [], policyType } = policy;
  let text = `${selector(sel, sel.family, style)}\n`;
  text += `\tdir ${dir} action ${action} index ${index} priority ${priority} ptype ${policyType?.type ?? 'main'} share ${share}`;
  text += ` flag ${named(flags, POLICY_FLAGS)} (0x${bits8(flags)})\n`;
  text += `${lifetime(policy.lft, policy.curlft, style)}\n`;
  if (mark !== undefined) text += `\tmark ${hex(mark.v)}/${hex(mark.m)} \n`;
  text += tmpl.map(template).join('');
  if (ifId !== undefined) text += `\tif_id ${hex(ifId)}\n`;
  return text;
}

function timeText(seconds: bigint, { utc }: Style): string {
  if (seconds === 0n) return '-';
  const time = Number(seconds) * 1000;
  const shift = utc === true ? 0 : new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - shift).toISOString().slice(0, 19).replace('T', ' ');
}

/** Splits the output of `ip -s xfrm` into objects, each normalized to single blanks. */
export function objectsIn(output: string): string[] {
  return output
    .split(/\n(?=\S)/)
    .filter((text) => text.trim() !== '')
    .map(normalized);
}

/** Replaces each run of blanks by one. */
export function normalized(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
