import { parseIp } from '../../wire/index.js';
import { Row } from '../common/written.js';
import type { SocketEntry } from './socket-entry.js';
import type { SocketQuery, WantedEnd } from './socket-query.js';

/** An end of any socket. */
interface End {
  readonly address?: string;
  readonly port?: number | string;
}

/**
 * Returns true if a socket is as a filter wants it. The kernel has tested most conditions already.
 *
 * @param link - The index of the link in the filter.
 * @internal
 */
export function matchesQuery(socket: SocketEntry, query: SocketQuery, link: number | undefined): boolean {
  const { family, state, local, remote, uid, inode, cookie } = query;
  const found = socket as SocketEntry & { readonly family?: 4 | 6; readonly uid?: number; readonly linkIndex?: number };
  const same = (wanted: unknown, value: unknown): boolean => wanted === undefined || (wanted ?? undefined) === value;
  return (
    same(cookie, found.cookie) &&
    same(family, found.family) &&
    (state === undefined || state.includes(found.state)) &&
    endMatches(local, found.local) &&
    (remote === null ? found.remote === undefined : endMatches(remote, found.remote)) &&
    (query.link === undefined || found.linkIndex === link) &&
    same(uid, found.uid) &&
    same(inode, found.inode) &&
    marksMatch(socket, query)
  );
}

/** The kernel reports neither for a connection that is not complete, or no longer. */
function marksMatch(socket: SocketEntry, { mark, cgroup }: SocketQuery): boolean {
  const row = socket[Row] as { readonly mark?: number; readonly cgroupId?: bigint };
  return (
    (mark === undefined || row.mark === undefined || row.mark === mark) &&
    (cgroup === undefined || row.cgroupId === undefined || row.cgroupId === cgroup)
  );
}

function endMatches(wanted: WantedEnd | undefined, found: End | undefined): boolean {
  if (wanted === undefined) return true;
  const { address, port } = wanted;
  if (found === undefined) return false;
  return (port === undefined || portMatches(port, found.port)) && (address === undefined || addressMatches(address, found.address));
}

function portMatches(wanted: NonNullable<WantedEnd['port']>, found: End['port']): boolean {
  if (typeof wanted === 'number') return found === wanted;
  return typeof found === 'number' && found >= wanted[0] && found <= wanted[1];
}

/** Of a Unix socket the whole name; else a network. */
function addressMatches(wanted: string, found: string | undefined): boolean {
  if (found === undefined) return false;
  if (found === wanted) return true;
  const [address, length] = wanted.split('/');
  try {
    return inNetwork(parseIp(found), parseIp(address!), Number(length));
  } catch {
    return false;
  }
}

/** An IPv6 address that contains an IPv4 address is in its IPv4 network too, as for the kernel. */
function inNetwork(address: Uint8Array, prefix: Uint8Array, length: number): boolean {
  const isMapped =
    address.length === 16 && prefix.length === 4 && address.subarray(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  const bytes = isMapped ? address.subarray(12) : address;
  if (bytes.length !== prefix.length) return false;
  return bytes.every((byte, at) => {
    const mask = (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))) & 0xff;
    return ((byte ^ prefix[at]!) & mask) === 0;
  });
}
