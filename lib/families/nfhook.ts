import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nfhookSchema, type NfhookFamily } from './generated/nfhook.js';

export * from './generated/nfhook.js';

/** Functions that are registered at the hooks of netfilter. @public */
export const nfhook: WatchableFamilyFactory<NfhookFamily, never> = watchableFamily(nfhookSchema, {
  get: 'the kernel sends no event for hooks',
});
