import type { AddressAttributes, EntryAttributes, ListReply } from '../../../lib/families/generated/ipset.js';

const AF_INET6 = 10;
const [ICMP, ICMPV6] = [1, 58];
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  58: 'ipv6-icmp',
  132: 'sctp',
  136: 'udplite',
};
/** Names of a type and a code of ICMP and ICMPv6, by both in one number. */
const MESSAGES: readonly Readonly<Record<number, string>>[] = [{ 0x0800: 'echo-request' }, { 0x8700: 'neighbour-solicitation' }];

/** `IPSET_FLAG_*` of the options of a set, and of entries; linux/netfilter/ipset/ip_set.h. */
const OPTIONS = [
  [8, 'counters'],
  [16, 'comment'],
  [64, 'skbinfo'],
] as const;
const [PHYSDEV, NOMATCH, WILDCARD] = [2, 4, 128];

/** Types whose netmask or bitmask the tool shows at the end. */
const MASKS_LAST: readonly string[] = ['hash:ip,port', 'hash:net,net'];

/** Any options of a set; each type has some of them. */
type Options = Partial<
  Record<
    | 'netmask'
    | 'cidr'
    | 'port'
    | 'portTo'
    | 'markmask'
    | 'hashsize'
    | 'maxelem'
    | 'bucketsize'
    | 'initval'
    | 'size'
    | 'timeout'
    | 'cadtFlags',
    number
  > &
    Record<'ip' | 'ipTo' | 'bitmask', AddressAttributes>
>;

const address = ({ ipv4, ipv6 }: AddressAttributes = {}): string => ipv4 ?? ipv6 ?? '';
const hex = (value: number | bigint, digits = 1): string => `0x${value.toString(16).padStart(digits, '0')}`;
const pair = (name: string, value: string | number | bigint | undefined): string[] => (value === undefined ? [] : [`${name} ${value}`]);

/** Returns the line with which `ipset save` shows a set. The tool prints no forceadd. */
export function createLine(set: ListReply): string {
  const { setname, family, data = {} } = set;
  const typename: string = set.typename ?? '';
  const options = data as Options;
  const flags = options.cadtFlags ?? 0;
  const hasFamily = typename.startsWith('hash:') && typename !== 'hash:mac';
  const { ip, ipTo, port, portTo, markmask, bitmask, bucketsize, initval = 0 } = options;
  const masks = [...pair('netmask', options.netmask), ...pair('bitmask', bitmask === undefined ? undefined : address(bitmask))];
  return [
    `create ${String(setname)} ${typename}`,
    ...pair('range', ip === undefined ? (port === undefined ? undefined : `${port}-${String(portTo)}`) : `${address(ip)}-${address(ipTo)}`),
    ...(hasFamily ? [`family ${family === AF_INET6 ? 'inet6' : 'inet'}`] : []),
    ...pair('markmask', markmask === undefined ? undefined : hex(markmask, 8)),
    ...pair('hashsize', options.hashsize),
    ...pair('maxelem', options.maxelem),
    ...(MASKS_LAST.includes(typename) ? [] : masks),
    ...pair('size', options.size),
    ...pair('timeout', options.timeout),
    ...OPTIONS.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])),
    ...pair('bucketsize', bucketsize),
    ...(bucketsize === undefined ? [] : pair('initval', hex(initval, 8))),
    ...(MASKS_LAST.includes(typename) ? masks : []),
  ].join(' ');
}

/** Returns the lines with which `ipset save` shows a set: the set, and each entry. */
export function saveLines(set: ListReply): string[] {
  const entries = set.adt?.data ?? [];
  return [createLine(set), ...entries.map((entry) => `add ${String(set.setname)} ${entryText(entry, set.typename)}`)];
}

function entryText(entry: EntryAttributes, typename = ''): string {
  const { timeout, bytes, packets, comment, skbmark, skbprio, skbqueue, cadtFlags = 0 } = entry;
  return [
    elementText(entry, typename),
    ...((cadtFlags & WILDCARD) === 0 ? [] : ['wildcard']),
    ...pair('timeout', timeout),
    ...((cadtFlags & NOMATCH) === 0 ? [] : ['nomatch']),
    ...pair('packets', packets),
    ...pair('bytes', bytes),
    ...pair('comment', comment === undefined ? undefined : `"${comment}"`),
    ...pair('skbmark', skbmark === undefined ? undefined : markText(skbmark)),
    ...pair('skbprio', skbprio === undefined ? undefined : `${(skbprio >>> 16).toString(16)}:${(skbprio & 0xffff).toString(16)}`),
    ...pair('skbqueue', skbqueue),
  ].join(' ');
}

function elementText(
  { ip, cidr, port, proto, ether, name, ip2, cidr2, iface, mark, cadtFlags = 0 }: EntryAttributes,
  typename: string,
): string {
  const parts = [
    ...(name === undefined ? [] : [name]),
    ...(ip === undefined ? [] : [networkText(ip, cidr)]),
    ...(port === undefined ? [] : [portText(port, proto)]),
    ...(mark === undefined ? [] : [hex(mark, 8)]),
    ...(ether === undefined ? [] : [ether.toUpperCase()]),
    ...(ip2 === undefined ? [] : [networkText(ip2, cidr2)]),
    ...(iface === undefined ? [] : [(cadtFlags & PHYSDEV) === 0 ? iface : `physdev:${iface}`]),
  ];
  if (parts.length === 0) throw new Error(`an entry of ${typename} has no element`);
  return parts.join(',');
}

function networkText(ip: AddressAttributes, cidr: number | undefined): string {
  const host = ip.ipv6 === undefined ? 32 : 128;
  return cidr === undefined || cidr === host ? address(ip) : `${address(ip)}/${cidr}`;
}

function portText(port: number, proto: number | undefined): string {
  if (proto === undefined) return String(port);
  if (proto !== ICMP && proto !== ICMPV6) return `${PROTOCOLS[proto] ?? proto}:${port}`;
  return `${PROTOCOLS[proto]!}:${MESSAGES[proto === ICMP ? 0 : 1]![port] ?? `${port >> 8}/${port & 255}`}`;
}

/** Returns a mark and its mask, which the tool omits if it is complete. */
function markText(skbmark: bigint): string {
  const [mark, mask] = [skbmark >> 32n, skbmark & 0xffff_ffffn];
  return mask === 0xffff_ffffn ? hex(mark) : `${hex(mark)}/${hex(mask)}`;
}

/** Returns lines without the remaining seconds of entries. */
export function withoutSeconds(lines: readonly string[]): string[] {
  return lines.map((line) => (line.startsWith('add ') ? line.replace(/ timeout [1-9]\d*/, ' timeout N') : line));
}

/** Returns the remaining seconds of entries, by the rest of the line. */
export function secondsIn(lines: readonly string[]): Map<string, number> {
  const entries = lines.filter((line) => line.startsWith('add '));
  return new Map(entries.map((line) => [withoutSeconds([line])[0]!, Number(/ timeout (\d+)/.exec(line)?.[1] ?? 0)]));
}
