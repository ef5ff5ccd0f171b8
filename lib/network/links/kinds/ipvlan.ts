import { boolean } from '../../fields/check.js';
import { computed, words } from '../../fields/option.js';
import { joinBits, splitBits, type Bits } from './bits.js';
import type { Kind } from './kind.js';

/** The options of an ipvlan or an ipvtap link (`IFLA_IPVLAN_*`). @public */
export interface IpvlanOptions {
  /** The layer at which packets are passed on (`IFLA_IPVLAN_MODE`). @defaultValue for a new link `'l3'` */
  readonly mode?: 'l2' | 'l3' | 'l3s' | number;
  /** Links of the same parent do not reach each other (`IPVLAN_F_PRIVATE`). */
  readonly private?: boolean;
  /** Packets between links of the same parent leave the host (`IPVLAN_F_VEPA`). */
  readonly vepa?: boolean;
}

const FLAGS: Bits = { private: 1, vepa: 2 };

/** The kinds `ipvlan` and `ipvtap`. @internal */
export const ipvlan: Kind<IpvlanOptions> = {
  options: {
    mode: words('mode', ['l2', 'l3', 'l3s']),
    private: computed('private', boolean, { initial: false }),
    vepa: computed('vepa', boolean, { initial: false }),
  },
  needs: ['parent'],
  fromData: (data) => splitBits(data, data['flags'] as number | undefined, FLAGS),
  // The kernel replaces all flags.
  toData: (data, options) => {
    const { mask, others } = joinBits(data, FLAGS);
    return mask === 0 ? others : { ...others, flags: joinBits(options, FLAGS).value };
  },
};
