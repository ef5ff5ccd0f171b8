import { number, words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';
import { peer, type PairOptions } from './peer.js';

/** The options of a pair that BPF programs run (`IFLA_NETKIT_*`). @public */
export interface NetkitOptions extends PairOptions {
  /** The layer of the link; `'l3'` has no MAC address; at the creation only (`IFLA_NETKIT_MODE`). @defaultValue for a new link `'l3'` */
  readonly mode?: 'l2' | 'l3' | number;
  /** The treatment of packets without a program (`IFLA_NETKIT_POLICY`). */
  readonly policy?: 'forward' | 'blackhole' | number;
  /** The same, at the other end (`IFLA_NETKIT_PEER_POLICY`). */
  readonly peerPolicy?: 'forward' | 'blackhole' | number;
  /** `'default'` clears mark and priority of packets between namespaces, at the creation only (`IFLA_NETKIT_SCRUB`). */
  readonly scrub?: 'none' | 'default' | number;
  /** The same, at the other end (`IFLA_NETKIT_PEER_SCRUB`). */
  readonly peerScrub?: 'none' | 'default' | number;
  /** The bytes that packets have free before their data, at the creation only (`IFLA_NETKIT_HEADROOM`). */
  readonly headroom?: number;
  /** The bytes that packets have free after their data, at the creation only (`IFLA_NETKIT_TAILROOM`). */
  readonly tailroom?: number;
}

const fixed = { fixed: true };

/** The kind `netkit`. @internal */
export const netkit: Kind<NetkitOptions> = {
  options: {
    peer,
    mode: words('mode', ['l2', 'l3'], fixed),
    policy: words('policy', ['forward', 'blackhole']),
    peerPolicy: words('peerPolicy', ['forward', 'blackhole']),
    scrub: words('scrub', ['none', 'default'], { ...fixed, initial: 'default' }),
    peerScrub: words('peerScrub', ['none', 'default'], { ...fixed, initial: 'default' }),
    headroom: number('headroom', 0xffff, { ...fixed, initial: 0 }),
    tailroom: number('tailroom', 0xffff, { ...fixed, initial: 0 }),
  },
  peerIn: 'peerInfo',
  needs: ['netkit.peer'],
};
