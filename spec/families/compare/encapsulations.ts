import { ipv6Text } from '../../../lib/index.js';
import type { RouteRow } from './route-fields.js';

type Encapsulation = Readonly<Record<string, unknown>>;

/** What `ip route` shows of a lightweight tunnel. */
export function encapOf(type: RouteRow['encapType'], encap: RouteRow['encap']): unknown {
  const described = encap as Encapsulation | undefined;
  return described === undefined ? undefined : SHOWN[String(type)]?.(described);
}

/** SEG6_LOCAL_ACTION_* of linux/seg6_local.h. */
const SEG6_ACTIONS: Readonly<Record<number, string>> = {
  1: 'End',
  2: 'End.X',
  3: 'End.T',
  4: 'End.DX2',
  5: 'End.DX6',
  6: 'End.DX4',
  7: 'End.DT6',
};

/** `struct seg6_iptunnel_encap`: a mode, then a routing header (RFC 8754) that has its segments in reverse. */
function segments(srh: Uint8Array): object {
  const addresses = Array.from({ length: (srh.length - 12) / 16 }, (_, index) => ipv6Text(srh.subarray(12 + index * 16, 28 + index * 16)));
  return { mode: ['inline', 'encap', 'l2encap'][srh[0]!], segs: addresses.reverse() };
}

/** A stack of labels as iproute2 writes it: of each entry (RFC 3032) the upper 20 bits. */
export function labelsText(entries: unknown): string {
  return (entries as readonly number[]).map((entry) => String(entry >>> 12)).join('/');
}

const SHOWN: Readonly<Record<string, (encap: Encapsulation) => object>> = {
  ip: ({ id, src, dst, ttl, tos }) => ({ encap_type: 'ip', id: Number(id), src, dst, ttl, tos }),
  ip6: ({ id, src, dst, hoplimit, tc }) => ({ encap_type: 'ip6', id: Number(id), src, dst, hoplimit, tc }),
  seg6: ({ srh }) => ({ encap_type: 'seg6', ...segments(srh as Uint8Array) }),
  'seg6-local': ({ action, nh6, table, oif }) => ({
    encap_type: 'seg6local',
    action: SEG6_ACTIONS[Number(action)],
    ...(nh6 === undefined ? {} : { nh6 }),
    ...(table === undefined ? {} : { table }),
    ...(oif === undefined ? {} : { oif }),
  }),
  mpls: ({ dst, ttl }) => ({ encap_type: 'mpls', dst: labelsText(dst), ...(ttl === undefined ? {} : { ttl }) }),
};
