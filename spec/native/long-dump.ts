import { AttributeReader, MessageFlags, encodeMessage, type Message, type MessageInit } from '../../lib/wire/index.js';
import type { Namespace } from '../support/namespace.js';

const NEWROUTE = 24;
const GETROUTE = 26;
const RTA_DST = 1;
const RTMSG_SIZE = 12;
const INET = 2;
const HOPS = 64;
const ROUTES = 4800;

/** A request that dumps all IPv4 routes. */
export const ROUTE_DUMP: MessageInit = {
  type: GETROUTE,
  flags: MessageFlags.Dump,
  payload: Uint8Array.of(INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
};

/** The bytes of the request. */
export const ROUTE_DUMP_BYTES: Uint8Array = encodeMessage({ ...ROUTE_DUMP, flags: MessageFlags.Request | MessageFlags.Dump, sequence: 1 });

/**
 * Adds IPv4 routes with 64 next hops each to a namespace, about five megabytes in all.
 *
 * @returns The destinations as `ip` prints them, in the kernel's order.
 */
export function makeLongDump(namespace: Namespace): string[] {
  namespace.ip('link add v0 type veth peer name v1');
  namespace.batch(['link set v0 up', 'link set v1 up', 'address add 192.0.2.1/24 dev v0']);
  const hops = Array.from({ length: HOPS }, (_, index) => `nexthop via 192.0.2.${index + 2} dev v0`).join(' ');
  namespace.batch(Array.from({ length: ROUTES }, (_, index) => `route add 10.0.${index >> 8}.${index & 255}/32 ${hops}`));
  const lines = namespace.run('ip', '-4', 'route', 'show').split('\n');
  return lines.flatMap((line) => /^10\.\S+/.exec(line) ?? []);
}

/** Returns the destination of one of these routes; undefined for any other message. */
export function longRoute({ type, payload }: Message): string | undefined {
  if (type !== NEWROUTE) return undefined;
  for (const attribute of new AttributeReader(payload.subarray(RTMSG_SIZE))) {
    if (attribute.type === RTA_DST && attribute.payload[0] === 10) return attribute.payload.join('.');
  }
  return undefined;
}
