import type { Overlay } from '../overlay.js';
import { nftables } from './nftables.js';

/** Every overlay there is. @internal */
export const overlays: readonly Overlay[] = [nftables];
