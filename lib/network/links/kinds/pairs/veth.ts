import type { Kind } from '../kind.js';
import { peer, type PairOptions } from './peer.js';

/** The kind `veth`. @internal */
export const veth: Kind<PairOptions> = { options: { peer }, peerIn: 'peer', needs: ['veth.peer'] };

/** The kind `vxcan`. @internal */
export const vxcan: Kind<PairOptions> = { options: { peer }, peerIn: 'peer', needs: ['vxcan.peer'] };
