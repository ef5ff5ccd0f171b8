import type { InetReply, SocketExpression } from '../../../../lib/families/sock_diag.js';
import { parseIp } from '../../../../lib/wire/index.js';

/** Decides in plain steps whether an expression accepts a row: the meaning of socketFilter(), without bytecode. */
export function accepts(expression: SocketExpression, row: InetReply): boolean {
  const { sport, dport, src, dst, dev, mark, cgroup, and, or, not } = expression;
  const { id } = row;
  return [
    sport === undefined || inRange(sport, id.sport),
    dport === undefined || inRange(dport, id.dport),
    src === undefined || inNetwork(src, String(id.src)),
    dst === undefined || inNetwork(dst, String(id.dst)),
    dev === undefined || dev === id.if,
    mark === undefined || hasMark(mark, row.mark ?? 0),
    cgroup === undefined || cgroup === (row.cgroupId ?? 0n),
    and === undefined || and.every((one) => accepts(one, row)),
    or === undefined || or.some((one) => accepts(one, row)),
    not === undefined || !accepts(not, row),
  ].every((matches) => matches);
}

function inRange(wanted: NonNullable<SocketExpression['sport']>, port: number): boolean {
  if (typeof wanted === 'number') return wanted === port;
  return port >= (wanted.min ?? 0) && port <= (wanted.max ?? 0xffff);
}

function hasMark(wanted: NonNullable<SocketExpression['mark']>, mark: number): boolean {
  return typeof wanted === 'number' ? wanted === mark : (mark & wanted.mask) >>> 0 === wanted.value;
}

function bits(address: Uint8Array): string {
  return [...address].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** An IPv6 address that contains an IPv4 address belongs to networks of both. */
function inNetwork(network: string, address: string): boolean {
  const [text, length] = network.split('/');
  const wanted = bits(parseIp(text!));
  const prefix = wanted.slice(0, length === undefined ? wanted.length : Number(length));
  const given = bits(parseIp(address));
  const mapped = address.startsWith('::ffff:') && address.includes('.') ? given.slice(96) : undefined;
  const candidate = given.length === wanted.length ? given : wanted.length === 32 ? mapped : undefined;
  return candidate?.startsWith(prefix) === true;
}
