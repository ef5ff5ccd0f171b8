import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { seg6Schema, type Seg6Family } from './generated/seg6.js';

export * from './generated/seg6.js';

/** Segment routing of IPv6: the source address of encapsulated packets, and HMAC keys. @public */
export const seg6: WatchableFamilyFactory<Seg6Family, never> = watchableFamily(seg6Schema, {
  dumphmac: 'the kernel sends no event for keys',
});
