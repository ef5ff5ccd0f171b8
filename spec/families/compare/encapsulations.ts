import { omitUndefined } from '../../../lib/check/index.js';
import { ipv6Text } from '../../../lib/index.js';
import type { LinkNames } from './link-names.js';
import type { RouteRow } from './route-fields.js';

type Encapsulation = Readonly<Record<string, unknown>>;

/** The properties of a lightweight tunnel in `ip route`. */
export function encapOf(type: RouteRow['encapType'], encap: RouteRow['encap'], names: LinkNames): unknown {
  const described = encap as Encapsulation | undefined;
  return described === undefined ? undefined : SHOWN[String(type)]?.(described, names);
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
  8: 'End.DT4',
  10: 'End.B6.Encaps',
};

/** SEG6_LOCAL_FLV_OP_*, bit 0 first. */
const SEG6_FLAVORS = [undefined, 'psp', 'usp', 'usd', 'next-csid'];

/** `struct seg6_iptunnel_encap`: a mode, then a routing header (RFC 8754) with its segments in reverse order. */
function segments(srh: Uint8Array): object {
  return { mode: ['inline', 'encap', 'l2encap'][srh[0]!], segs: addressesOf(srh.subarray(4)) };
}

/** Returns the segments of a routing header, from the first. */
function addressesOf(header: Uint8Array): string[] {
  const count = (header.length - 8) / 16;
  return Array.from({ length: count }, (_, index) => ipv6Text(header.subarray(8 + index * 16, 24 + index * 16))).reverse();
}

/** Returns the options of a tunnel (LWTUNNEL_IP_OPTS). */
function optionsOf(opts: unknown): object {
  const { geneve, vxlan, erspan } = (opts ?? {}) as {
    readonly geneve?: readonly { readonly class?: number; readonly type?: number; readonly data?: Uint8Array }[];
    readonly vxlan?: object;
    readonly erspan?: object;
  };
  return {
    ...(geneve && { geneve_opts: geneve.map((option) => ({ ...option, data: Buffer.from(option.data!).toString('hex') })) }),
    ...(vxlan && { vxlan_opts: [vxlan] }),
    ...(erspan && { erspan_opts: [{ dir: 0, hwid: 0, ...erspan }] }),
  };
}

function localSegment({ action, srh, nh4, nh6, table, vrftable, oif, counters, flavors }: Encapsulation, names: LinkNames): object {
  const { operation, lcblockBits, lcnodeFnBits } = (flavors ?? {}) as Readonly<Record<string, number | undefined>>;
  const { packets, bytes, errors } = (counters ?? {}) as Readonly<Record<string, bigint>>;
  return {
    encap_type: 'seg6local',
    action: SEG6_ACTIONS[Number(action)],
    ...(srh === undefined ? {} : { srh: { segs: addressesOf(srh as Uint8Array) } }),
    ...omitUndefined({ nh4, nh6 }),
    ...(table === undefined ? {} : { table: String(table) }),
    ...(vrftable === undefined ? {} : { vrftable: String(vrftable) }),
    ...(oif === undefined ? {} : { oif: names.of(Number(oif)) }),
    ...(operation === undefined
      ? {}
      : { flavors: SEG6_FLAVORS.filter((flavor, bit) => flavor !== undefined && (operation & (1 << bit)) !== 0) }),
    ...(lcblockBits === undefined ? {} : { lblen: lcblockBits, nflen: lcnodeFnBits }),
    ...(counters === undefined ? {} : { stats64: { packets: Number(packets), bytes: Number(bytes), errors: Number(errors) } }),
  };
}

/** Returns a label stack as iproute2 prints it: the upper 20 bits of each entry (RFC 3032). */
export function labelsText(entries: unknown): string {
  return (entries as readonly number[]).map((entry) => String(entry >>> 12)).join('/');
}

const SHOWN: Readonly<Record<string, (encap: Encapsulation, names: LinkNames) => object>> = {
  ip: ({ id, src, dst, ttl, tos, opts }) => ({ encap_type: 'ip', id: Number(id), src, dst, ttl, tos, ...optionsOf(opts) }),
  ip6: ({ id, src, dst, hoplimit, tc }) => ({ encap_type: 'ip6', id: Number(id), src, dst, hoplimit, tc }),
  seg6: ({ srh }) => ({ encap_type: 'seg6', ...segments(srh as Uint8Array) }),
  'seg6-local': localSegment,
  mpls: ({ dst, ttl }) => ({ encap_type: 'mpls', dst: labelsText(dst), ...omitUndefined({ ttl }) }),
};
