import { number, toggle, words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of IP over InfiniBand (`IFLA_IPOIB_*`). `parent` is the link of the port. @public */
export interface IpoibOptions {
  /** The partition, 0x8000 to 0xffff for a full member; at the creation only (`IFLA_IPOIB_PKEY`). */
  readonly partition?: number;
  /** The transport (`IFLA_IPOIB_MODE`). */
  readonly mode?: 'datagram' | 'connected' | number;
  /** Programs may send to groups of multicast that they have not joined (`IFLA_IPOIB_UMCAST`). */
  readonly userMulticast?: boolean;
}

/** The kind `ipoib`. @internal */
export const ipoib: Kind<IpoibOptions> = {
  options: {
    partition: number('pkey', 0xffff, { fixed: true }),
    mode: words('mode', ['datagram', 'connected']),
    userMulticast: toggle('umcast'),
  },
  needs: ['parent'],
};
