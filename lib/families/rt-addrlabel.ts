import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtAddrlabelSchema, type RtAddrlabelFamily } from './generated/rt-addrlabel.js';

export * from './generated/rt-addrlabel.js';

/** Labels of address selection. There are labels of IPv6 only. @public */
export const rtAddrlabel: WatchableFamilyFactory<RtAddrlabelFamily, never> = watchableFamily(rtAddrlabelSchema, {
  getaddrlabel: 'the kernel sends no event for address labels',
});
