import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nfacctSchema, type NfacctFamily } from './generated/nfacct.js';

export * from './generated/nfacct.js';

/** Counters of packets and bytes that rules of a firewall share. @public */
export const nfacct: WatchableFamilyFactory<NfacctFamily, never> = watchableFamily(nfacctSchema, {
  get: 'the kernel sends no event for counters',
  'get-ctrzero': 'the kernel sends no event for counters',
});
