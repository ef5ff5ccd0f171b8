import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { cryptoSchema, type CryptoFamily } from './generated/crypto.js';

export * from './generated/crypto.js';

/** Algorithms of the kernel's cryptography. They belong to the initial network namespace. @public */
export const crypto: WatchableFamilyFactory<CryptoFamily, never> = watchableFamily(cryptoSchema, {
  getalg: 'the kernel sends no event for algorithms',
});
