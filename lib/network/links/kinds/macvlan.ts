import { boolean, list, mac } from '../../fields/check.js';
import { computed, number, plain, words } from '../../fields/option.js';
import { joinBits, splitBits, type Bits } from './bits.js';
import type { Kind } from './kind.js';

/** The options of a macvlan or a macvtap link (`IFLA_MACVLAN_*`). @public */
export interface MacvlanOptions {
  /**
   * Which links of the same parent reach each other; `'passthru'` is possible at creation only (`IFLA_MACVLAN_MODE`).
   * @defaultValue for a new link `'vepa'`
   */
  readonly mode?: 'private' | 'vepa' | 'bridge' | 'passthru' | 'source' | number;
  /** Mode passthru: the parent does not become promiscuous (`MACVLAN_FLAG_NOPROMISC`). */
  readonly noPromiscuous?: boolean;
  /** Mode source: the parent receives matching packets too unless set (`MACVLAN_FLAG_NODST`). */
  readonly noDestination?: boolean;
  /** Mode source: the MAC addresses from which the link receives; the whole list (`IFLA_MACVLAN_MACADDR_DATA`). */
  readonly sources?: readonly string[];
  /** The number of broadcast packets that may wait (`IFLA_MACVLAN_BC_QUEUE_LEN`). */
  readonly broadcastQueueLength?: number;
  /** The number of receivers from which broadcast packets are queued (`IFLA_MACVLAN_BC_CUTOFF`). */
  readonly broadcastCutoff?: number;
}

const FLAGS: Bits = { noPromiscuous: 1, noDestination: 2 };

/** The kinds `macvlan` and `macvtap`. @internal */
export const macvlan: Kind<MacvlanOptions> = {
  options: {
    mode: words('mode', ['private', 'vepa', 'bridge', 'passthru', 'source']),
    noPromiscuous: computed('noPromiscuous', boolean, { initial: false }),
    noDestination: computed('noDestination', boolean, { initial: false }),
    sources: {
      ...plain('sources', list(mac)),
      same: (wanted, found) =>
        [wanted, found].map((addresses) => [...((addresses ?? []) as string[])].sort().join()).every((text, _, [first]) => text === first),
    },
    broadcastQueueLength: number('bcQueueLen', 0xffff_ffff, { initial: 1000 }),
    broadcastCutoff: { ...number('bcCutoff', 0x7fff_ffff, {}, -1), initial: 1 },
  },
  needs: ['parent'],
  fromData: (data) => {
    const { macaddrData, ...others } = data as { readonly macaddrData?: { readonly macaddr?: readonly string[] }; readonly flags?: number };
    const sources = macaddrData?.macaddr;
    return splitBits(sources === undefined ? others : { ...others, sources }, others.flags, FLAGS);
  },
  toData: (data, options) => {
    const { mask, others } = joinBits(data, FLAGS);
    const { sources, ...rest } = others as { readonly sources?: readonly string[] };
    return {
      ...rest,
      // The kernel replaces all flags.
      ...(mask !== 0 && { flags: joinBits(options, FLAGS).value }),
      ...(sources !== undefined && { macaddrMode: 'set', macaddrData: { macaddr: sources } }),
    };
  },
};
