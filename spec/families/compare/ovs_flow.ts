import { expect } from 'chai';
import {
  ovsFlowSchema,
  type ActionAttrs,
  type GetReply,
  type KeyAttrs,
  type TunnelKeyAttrs,
} from '../../../lib/families/generated/ovs_flow.js';
import { ovsVportSchema } from '../../../lib/families/generated/ovs_vport.js';
import { operationCodec } from '../../../lib/schema/index.js';
import type { FamilyComparer } from '../comparer.js';
import { readFixture, type Fixture } from '../fixture.js';
import { exchanges, repliesOf } from '../play.js';

/*
 * `ovs-dpctl -m dump-flows` prints a flow as one line. This module prints the decoded flow in the same form, and the lines must
 * be equal.
 */

type Ports = ReadonlyMap<number | undefined, string>;
type Text = string | number | undefined;

export const comparer: FamilyComparer = {
  schema: ovsFlowSchema,
  compare({ shown, answers, fixture }) {
    const ports = portsOf(fixture);
    const rows = answers.flatMap(({ op, mode, rows: found }) => (op === 'get' && mode === 'dump' ? found : []));
    expect(rows.map((row) => flow(row as unknown as GetReply, ports))).to.deep.equal(shown);
  },
};

/** The names of ports by number, which the tool requested as well. */
function portsOf(fixture: Fixture): Ports {
  const codec = operationCodec(ovsVportSchema, 'get');
  const messages = exchanges(ovsVportSchema, readFixture(fixture)).flatMap(({ recorded }) => repliesOf(recorded));
  const ports = messages.map(({ payload }) => codec.decodePayload(payload) as { readonly portNo: number; readonly name: string });
  return new Map(ports.map(({ portNo, name }) => [portNo, name]));
}

function flow({ key = {}, mask = {}, stats, used, actions = [] }: GetReply, ports: Ports): string {
  const counted = `packets:${stats?.nPackets ?? 0}, bytes:${stats?.nBytes ?? 0}, used:${used ?? 'never'}`;
  return `${fields(key, mask, ports).join()}, ${counted}, dp:ovs, actions:${actions.map((item) => action(item, ports)).join()}`;
}

function fields(key: KeyAttrs, mask: KeyAttrs, ports: Ports): string[] {
  const { ethernet, ipv4, arp, udp, icmp, encap, vlan } = key;
  return [
    word('recirc_id', key.recircId, mask.recircId),
    word('dp_hash', key.dpHash, mask.dpHash),
    word('skb_priority', key.priority, mask.priority),
    key.tunnel === undefined ? [] : tunnel(key.tunnel, mask.tunnel ?? {}),
    key.inPort === undefined || mask.inPort !== ALL ? [] : `in_port(${portName(key.inPort, ports)})`,
    word('skb_mark', key.skbMark, mask.skbMark),
    word('ct_state', key.ctState, mask.ctState),
    word('ct_zone', key.ctZone, mask.ctZone, 0xffff),
    word('ct_mark', key.ctMark, mask.ctMark),
    label(key.ctLabels, mask.ctLabels),
    list('eth', [
      ['src', ethernet?.ethSrc, mask.ethernet?.ethSrc],
      ['dst', ethernet?.ethDst, mask.ethernet?.ethDst],
    ]),
    type(key.ethertype, mask.ethertype),
    vlan === undefined ? [] : `vlan(${vlanText(vlan)})${mask.vlan === 0xffff ? '' : ` of mask ${mask.vlan}`}`,
    list('ipv4', [
      ['src', ipv4?.ipv4Src, mask.ipv4?.ipv4Src],
      ['dst', ipv4?.ipv4Dst, mask.ipv4?.ipv4Dst],
      ['proto', ipv4?.ipv4Proto, mask.ipv4?.ipv4Proto],
      ['tos', ipv4?.ipv4Tos, mask.ipv4?.ipv4Tos],
      ['ttl', ipv4?.ipv4Ttl, mask.ipv4?.ipv4Ttl],
      ['frag', ipv4?.ipv4Frag === 'none' ? 'no' : ipv4?.ipv4Frag, mask.ipv4?.ipv4Frag === 'any' ? 0xff : mask.ipv4?.ipv4Frag],
    ]),
    list('udp', [
      ['src', udp?.udpSrc, mask.udp?.udpSrc, 0xffff],
      ['dst', udp?.udpDst, mask.udp?.udpDst, 0xffff],
    ]),
    list('icmp', [
      ['type', icmp?.icmpType, mask.icmp?.icmpType],
      ['code', icmp?.icmpCode, mask.icmp?.icmpCode],
    ]),
    list('arp', [
      ['sip', arp?.arpSip, mask.arp?.arpSip],
      ['tip', arp?.arpTip, mask.arp?.arpTip],
      ['op', arp?.arpOp, mask.arp?.arpOp, 0xffff],
      ['sha', arp?.arpSha, mask.arp?.arpSha],
      ['tha', arp?.arpTha, mask.arp?.arpTha],
    ]),
    encap === undefined ? [] : `encap(${fields(encap, mask.encap ?? {}, ports).join()})`,
  ].flat();
}

/** Returns the name of a port, or its number if it does not exist. */
const portName = (port: number, ports: Ports): string => ports.get(port) ?? String(port);

/** The tunnel of a packet. The options of GENEVE (RFC 8926) have headers of their own, and one mask for all. */
function tunnel(key: TunnelKeyAttrs, mask: TunnelKeyAttrs | undefined): string {
  if (mask !== undefined) expect(Object.keys(mask).sort(), 'what of a tunnel counts').to.include.members(Object.keys(key).sort());
  const flags = [key.dontFragment === true ? 'df' : [], key.csum === true ? 'csum' : [], key.id === undefined ? [] : 'key'].flat();
  return `tunnel(${[
    key.id === undefined ? [] : `tun_id=0x${key.id.toString(16)}`,
    key.ipv4Src === undefined ? [] : `src=${key.ipv4Src}`,
    key.ipv4Dst === undefined ? [] : `dst=${key.ipv4Dst}`,
    key.ipv6Src === undefined ? [] : `ipv6_src=${key.ipv6Src}`,
    key.ipv6Dst === undefined ? [] : `ipv6_dst=${key.ipv6Dst}`,
    key.tos === undefined || key.tos === 0 ? [] : `tos=${hex(key.tos)}`,
    key.ttl === undefined ? [] : `ttl=${key.ttl}`,
    key.tpDst === undefined || key.tpDst === 0 ? [] : `tp_dst=${key.tpDst}`,
    key.geneveOpts === undefined ? [] : `geneve(${[...geneveOptions(Buffer.from(key.geneveOpts))].join('')})`,
    `flags(${flags.join('|')})`,
  ]
    .flat()
    .join()})`;
}

function* geneveOptions(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length;) {
    const length = (bytes[at + 3]! & 0x1f) * 4;
    const data = BigInt(`0x${bytes.toString('hex', at + 4, at + 4 + length)}`);
    yield `{class=${hex(bytes.readUInt16BE(at))},type=${hex(bytes[at + 2])},len=${length},0x${data.toString(16)}}`;
    at += 4 + length;
  }
}

function action({ output, pushVlan, popVlan, set, ...others }: ActionAttrs, ports: Ports): string {
  expect(others, 'actions that nothing is compared with').to.deep.equal({});
  const texts = [
    output === undefined ? [] : portName(output, ports),
    set?.tunnel === undefined ? [] : `set(${tunnel(set.tunnel, undefined)})`,
    pushVlan === undefined
      ? []
      : `push_vlan(${pushVlan.vlanTpid === 0x8100 ? '' : `tpid=${hex(pushVlan.vlanTpid, 4)},`}${vlanText(pushVlan.vlanTci)})`,
    popVlan === true ? 'pop_vlan' : [],
  ].flat();
  return texts.join('+');
}

const ALL = 0xffff_ffff;
/** Prints one byte, or an address. */
const WHOLE: readonly Text[] = [0xff, '255.255.255.255', 'ff:ff:ff:ff:ff:ff'];

/** Prints a number in hexadecimal digits, with its mask if not all bits are set. */
function word(name: string, value: number | undefined, mask: number | undefined, all: number = ALL): string | never[] {
  if (value === undefined) return [];
  return mask === all ? `${name}(${hex(value)})` : `${name}(${hex(value)}/${hex(mask)})`;
}

/** Prints a number like C's `%#x`: zero has no prefix. */
function hex(value: number | undefined, digits = 0): string {
  if (value === undefined) return '?';
  return value === 0 && digits === 0 ? '0' : `0x${value.toString(16).padStart(digits, '0')}`;
}

function label(value: Uint8Array | undefined, mask: Uint8Array | undefined): string | never[] {
  const number = (bytes: Uint8Array | undefined): string => hex(bytes?.reduce((sum, byte) => sum * 256 + byte, 0));
  return value === undefined ? [] : `ct_label(${number(value)}/${number(mask)})`;
}

function type(value: number | undefined, mask: number | undefined): string | never[] {
  if (value === undefined) return [];
  return `eth_type(${hex(value, 4)}${mask === 0xffff ? '' : `/${hex(mask, 4)}`})`;
}

/** Prints the members of a header; a member whose mask is zero is omitted. */
function list(name: string, members: readonly (readonly [name: string, value: Text, mask: Text, all?: number])[]): string | never[] {
  if (members.every(([, value]) => value === undefined)) return [];
  const texts = members.map(([member, value, mask, all]) => {
    const exact = all === undefined ? WHOLE.includes(mask) : mask === all;
    return `${member}=${value}${exact ? '' : `/${typeof mask === 'number' ? hex(mask) : mask}`}`;
  });
  return `${name}(${texts.join()})`;
}

/** A tag without bit 12 is not a tag. */
function vlanText(tag: number): string {
  return `vid=${tag & 0xfff},pcp=${tag >> 13}${(tag & 0x1000) === 0 ? ',cfi=0' : ''}`;
}
