import { NtfExtFlags, NtfFlags, NudState, type RtNeighFamily } from '../../../lib/families/rt-neigh.js';
import { bitNames, within, type Fields } from './fields.js';
import type { LinkNames } from './link-names.js';

export type NeighbourRow = RtNeighFamily['dump']['getneigh']['reply'];

const STATES = Object.entries(NudState).map(([name, bit]) => [name.toUpperCase(), bit] as const);
// Bits of iproute2's `bridge fdb`, from uapi/linux/neighbour.h
const FDB_FLAGS = [
  ['self', 2],
  ['router', 128],
  ['extern_learn', 16],
  ['offload', 32],
  ['sticky', 64],
] as const;

const set = (bit: number) => (row: NeighbourRow) => ((row.ndmFlags & bit) === 0 ? undefined : null);
const age = (ticks: number | undefined, shown: unknown) => within(2, shown, Math.floor((ticks ?? 0) / 100));

/** The properties of a neighbour in `ip -s neigh`. */
export const neighbour = (names: LinkNames): Fields<NeighbourRow> => ({
  dst: ({ dst }) => dst,
  dev: ({ ndmIfindex }) => names.of(ndmIfindex),
  lladdr: ({ lladdr }) => lladdr,
  router: set(NtfFlags.Router),
  proxy: set(NtfFlags.Proxy),
  extern_learn: set(NtfFlags.ExtLearned),
  offload: set(NtfFlags.Offloaded),
  managed: ({ flagsExt }) => (((flagsExt ?? 0) & NtfExtFlags.Managed) === 0 ? undefined : null),
  refcnt: ({ cacheinfo }) => cacheinfo?.refcnt,
  used: ({ cacheinfo }, shown) => age(cacheinfo?.used, shown),
  confirmed: ({ cacheinfo }, shown) => age(cacheinfo?.confirmed, shown),
  updated: ({ cacheinfo }, shown) => age(cacheinfo?.updated, shown),
  probes: ({ probes }) => probes,
  state: ({ ndmState }) => bitNames(ndmState, STATES),
  protocol: ({ protocol }) => (protocol === 9 ? 'ra' : protocol),
});

/** The properties of an entry in `bridge -s fdb`. */
export const forwarding = (names: LinkNames): Fields<NeighbourRow> => ({
  mac: ({ lladdr }) => lladdr,
  ifname: ({ ndmIfindex }) => names.of(ndmIfindex),
  dst: ({ dst }) => dst,
  vlan: ({ vlan }) => vlan,
  port: ({ port }) => port,
  vni: ({ vni }) => vni,
  master: ({ master }) => names.of(master),
  used: ({ cacheinfo }, shown) => age(cacheinfo?.used, shown),
  updated: ({ cacheinfo }, shown) => age(cacheinfo?.updated, shown),
  nhid: ({ nhId }) => nhId,
  viaIf: ({ ifindex }) => names.of(ifindex),
  flags: ({ ndmFlags }) => bitNames(ndmFlags, FDB_FLAGS),
  // `bridge fdb` prints NOARP as static and PERMANENT as permanent, and omits REACHABLE
  state: ({ ndmState }) => ((ndmState & NudState.Permanent) !== 0 ? 'permanent' : (ndmState & NudState.Noarp) !== 0 ? 'static' : ''),
});
