import type { EventObject } from './event-object.js';

/** NFPROTO_* as `nft` writes them. */
const FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };

/** The words of `nft` for sets and objects. */
const NOUNS: Readonly<Record<string, string>> = { map: 'set', counter: 'obj', quota: 'obj', element: 'setelem' };

/** Returns an event as `nft monitor` prints it, by the parts that both sides have; undefined for a line that is none. */
export function eventOfNft(line: string): string | undefined {
  const [, generation, process] = /^# new generation (\d+) by process (\d+)/.exec(line) ?? [];
  if (generation !== undefined) return `gen ${generation} by ${String(process)}`;
  const [, verb, noun = '', family, table, name = ''] = /^(add|insert|delete) (\w+) (\w+) (\w+)(?: (\w+))?/.exec(line) ?? [];
  if (verb === undefined) return undefined;
  const handle = noun === 'rule' && verb === 'delete' ? ` handle ${line.split(' handle ')[1]!}` : '';
  return `${verb === 'insert' ? 'add' : verb} ${NOUNS[noun] ?? noun} ${String(family)} ${String(table)} ${name}${handle}`.trimEnd();
}

/** Returns an event of the firewall in the same form; undefined for the second half of an interval, which `nft` prints with the first. */
export function eventOfFirewall({ topic, operation, value }: EventObject): string | undefined {
  if (topic !== 'firewall') return undefined;
  if (operation === 'newgen') return `gen ${String(value['id'])} by ${String(value['procPid'])}`;
  if (isIntervalEnd(value)) return undefined;
  const [, verb, noun = ''] = /^(new|del)(\w+)$/.exec(operation) ?? [];
  const name = value[noun === 'rule' ? 'chain' : noun === 'setelem' ? 'set' : 'name'];
  const handle = noun === 'rule' && verb === 'del' ? ` handle ${String(value['handle'])}` : '';
  const object = `${String(FAMILIES[Number(value['nfgenFamily'])])} ${String(value['table'] ?? name)} ${noun === 'table' ? '' : String(name)}${handle}`;
  return `${verb === 'new' ? 'add' : 'delete'} ${noun} ${object}`.trimEnd();
}

/** True for an element that ends an interval (NFT_SET_ELEM_INTERVAL_END); the kernel reports one element a message. */
function isIntervalEnd({ elements }: { readonly elements?: unknown }): boolean {
  const { elem = [] } = (elements ?? {}) as { readonly elem?: readonly { readonly flags?: number }[] };
  return elem.some(({ flags = 0 }) => (flags & 1) !== 0);
}

/** Returns an event as `conntrack -E` prints it: the kind, the number of the protocol, and the connection in its first direction. */
export function eventOfConntrack(line: string): string | undefined {
  const [, kind, protocol, rest = ''] = /^\s*\[(\w+)\] \w+ +(\d+) (.*)$/.exec(line) ?? [];
  if (kind === undefined) return undefined;
  const [, source, destination, from = '-', to = '-'] = /src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?/.exec(rest) ?? [];
  return `${kind} ${String(protocol)} ${String(source)} ${from} ${String(destination)} ${to}`;
}

interface Tuple {
  readonly tupleIp: Readonly<Record<string, string>>;
  readonly tupleProto: { readonly protoNum: number; readonly protoSrcPort?: number; readonly protoDstPort?: number };
}

/** Returns an event of a connection in the same form. */
export function eventOfConnection({ topic, operation, value, created }: EventObject): string | undefined {
  if (topic !== 'connections') return undefined;
  const { tupleIp, tupleProto } = value['tupleOrig'] as Tuple;
  const kind = operation === 'delete' ? 'DESTROY' : created === true ? 'NEW' : 'UPDATE';
  const [source, destination] = [tupleIp['ipV4Src'] ?? tupleIp['ipV6Src'], tupleIp['ipV4Dst'] ?? tupleIp['ipV6Dst']];
  const [from = '-', to = '-'] = [tupleProto.protoSrcPort, tupleProto.protoDstPort];
  return `${kind} ${String(tupleProto.protoNum)} ${String(source)} ${String(from)} ${String(destination)} ${String(to)}`;
}
