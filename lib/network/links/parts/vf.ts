import { type Observable, EMPTY, ignoreElements, mergeMap, throwError } from 'rxjs';
import { omitUndefined } from '../../../check/index.js';
import type { IflaVfLinkStateEnum, rtLink, VfinfoAttrs, VfinfoAttrsInput } from '../../../families/rt-link.js';
import { linkAddressText, parseLinkAddress } from '../../../wire/index.js';
import { FieldError } from '../../common/field-error.js';
import type { Read, Written } from '../../common/written.js';
import { boolean, integer, list, mac, rate, word, type Check } from '../../fields/check.js';
import { object, type Normal, type Shape } from '../../fields/shape.js';

/** A virtual function of a network card (SR-IOV, `IFLA_VF_INFO`). sysfs sets their number: `sriov_numvfs`. @public */
export interface Vf<U extends Written = Read> {
  /** The number of the function, from 0. */
  readonly id: number;
  /** The MAC address (`IFLA_VF_MAC`). */
  readonly mac?: string;
  /** The VLAN of all its frames, 1 to 4095 (`IFLA_VF_VLAN`). */
  readonly vlan?: number | U['none'];
  /** The priority in the tag of the VLAN, 0 to 7. */
  readonly priority?: number;
  /** The lowest rate of sent packets, in steps of 1 Mbit/s (`IFLA_VF_RATE`). */
  readonly minRate?: U['rate'];
  /** The highest rate of sent packets, in steps of 1 Mbit/s; absent: no limit (`IFLA_VF_RATE`). */
  readonly rate?: U['rate'] | U['none'];
  /** The card drops packets with another source address (`IFLA_VF_SPOOFCHK`). */
  readonly spoofCheck?: boolean;
  /** The function may change settings of its own (`IFLA_VF_TRUST`). */
  readonly trust?: boolean;
  /** The function may read the hash of received packets (`IFLA_VF_RSS_QUERY_EN`). */
  readonly rssQuery?: boolean;
  /** The link state that the function sees (`IFLA_VF_LINK_STATE`). */
  readonly state?: 'auto' | 'enable' | 'disable' | number;
}

/** Bits per second in 1 Mbit/s. */
const MEGABIT = 1e6;

/** The length of an address in the struct: MAX_ADDR_LEN. */
const ADDRESS_LENGTH = 32;

/** The card does not know the setting. */
const UNKNOWN = 0xffff_ffff;

const megabits: Check<number> = (value, path) => {
  const bits = rate(value, path);
  if (bits % MEGABIT === 0) return bits;
  throw new FieldError(path, `expected whole Mbit/s, not ${bits} bit/s`);
};

const SHAPE: Shape = {
  fields: {
    id: integer(0, 0xffff),
    mac,
    vlan: integer(1, 4095),
    priority: integer(0, 7),
    minRate: megabits,
    rate: megabits,
    spoofCheck: boolean,
    trust: boolean,
    rssQuery: boolean,
    state: word(['auto', 'enable', 'disable']),
  },
  nullable: ['vlan', 'rate'],
};

const vf: Check<Normal<Vf>> = (value, path) => {
  const normal = object<Vf>(SHAPE)(value, path);
  if (normal.id === undefined) throw new FieldError(`${path}.id`, 'is required');
  return normal;
};

/** Accepts settings of virtual functions. @internal */
export const vfs: Check<readonly Normal<Vf>[]> = list(vf);

/** Translates the attributes of a virtual function. @internal */
export function vfOf(row: VfinfoAttrs): Vf {
  const { vlan, rate: rates, spoofchk, trust, rssQueryEn, linkState } = row;
  const flag = (value: number | undefined): boolean | undefined => (value === undefined || value === UNKNOWN ? undefined : value !== 0);
  return omitUndefined({
    id: row.mac?.vf ?? vlan?.vf ?? 0,
    mac: row.mac === undefined ? undefined : addressOf(row.mac.mac),
    vlan: vlan?.vlan === 0 ? undefined : vlan?.vlan,
    priority: vlan?.vlan === 0 ? undefined : vlan?.qos,
    minRate: rates === undefined || rates.minTxRate === 0 ? undefined : rates.minTxRate * MEGABIT,
    rate: rates === undefined || rates.maxTxRate === 0 ? undefined : rates.maxTxRate * MEGABIT,
    spoofCheck: flag(spoofchk?.setting),
    trust: flag(trust?.setting),
    rssQuery: flag(rssQueryEn?.setting),
    state: linkState?.linkState,
  });
}

function addressOf(bytes: Uint8Array): string | undefined {
  const address = bytes.subarray(0, 6);
  return address.every((byte) => byte === 0) ? undefined : linkAddressText(address);
}

/** Returns true if each wanted virtual function has the wanted settings; others do not count. @internal */
export function sameVfs(wanted: unknown, found: unknown): boolean {
  return (wanted as readonly Normal<Vf>[]).every((one) => {
    const there = (found as readonly Vf[] | undefined)?.find(({ id }) => id === one.id);
    return there !== undefined && changesOf(one, there).length === 0;
  });
}

/** Returns the names of the settings that differ. */
function changesOf(wanted: Normal<Vf>, found: Vf): readonly (keyof Vf)[] {
  const isNone = (value: unknown): boolean => value === undefined || value === null || value === 0;
  return (Object.keys(wanted) as (keyof Vf)[]).filter(
    (name) => wanted[name] !== found[name] && !(isNone(wanted[name]) && isNone(found[name])),
  );
}

/** Returns the attributes for the settings that differ. @internal */
export function vfRequest(wanted: Normal<Vf>, found: Vf): VfinfoAttrsInput | undefined {
  const changes = new Set(changesOf(wanted, found));
  if (changes.size === 0) return undefined;
  const merged = { ...found, ...wanted };
  const id = { vf: found.id };
  const setting = (value: boolean | null | undefined): { readonly vf: number; readonly setting: number } => ({
    ...id,
    setting: value === true ? 1 : 0,
  });
  const bytes = new Uint8Array(ADDRESS_LENGTH);
  if (typeof merged.mac === 'string') bytes.set(parseLinkAddress(merged.mac));
  // The kernel has one attribute for both settings of the VLAN, and one for both rates.
  return {
    ...(changes.has('mac') && { mac: { ...id, mac: bytes } }),
    ...((changes.has('vlan') || changes.has('priority')) && {
      vlan: { ...id, vlan: merged.vlan ?? 0, qos: (merged.vlan ?? 0) === 0 ? 0 : (merged.priority ?? 0) },
    }),
    ...((changes.has('minRate') || changes.has('rate')) && {
      rate: { ...id, minTxRate: (merged.minRate ?? 0) / MEGABIT, maxTxRate: (merged.rate ?? 0) / MEGABIT },
    }),
    ...(changes.has('spoofCheck') && { spoofchk: setting(merged.spoofCheck) }),
    ...(changes.has('trust') && { trust: setting(merged.trust) }),
    ...(changes.has('rssQuery') && { rssQueryEn: setting(merged.rssQuery) }),
    ...(changes.has('state') && { linkState: { ...id, linkState: merged.state as IflaVfLinkStateEnum } }),
  };
}

/** RTEXT_FILTER_VF and RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). @internal */
export const VF_MASK: number = 1 | 8;

/** Writes the settings of virtual functions that differ. @internal */
export function writeVfs(
  client: ReturnType<typeof rtLink>,
  self: { readonly ifiIndex: number } | { readonly ifname: string },
  wanted: readonly Normal<Vf>[],
): Observable<never> {
  return client.do('getlink', { ...self, extMask: VF_MASK }).pipe(
    mergeMap(({ ifiIndex, vfinfoList }) => {
      const found = (vfinfoList?.info ?? []).map(vfOf);
      const missing = wanted.findIndex(({ id }) => !found.some((there) => there.id === id));
      if (missing !== -1) {
        const text = `the link has no virtual function ${String(wanted[missing]!.id)}; its ${found.length} are counted from 0`;
        return throwError(() => new FieldError(`vfs[${missing}].id`, text));
      }
      const info = wanted.flatMap(
        (one) =>
          vfRequest(
            one,
            found.find(({ id }) => id === one.id)!,
          ) ?? [],
      );
      return info.length === 0 ? EMPTY : client.do('newlink', { ifiIndex, vfinfoList: { info } }).pipe(ignoreElements());
    }),
  );
}
