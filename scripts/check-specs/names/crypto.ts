import type { HeaderNames } from '../header-names.js';

export const cryptoNames: HeaderNames = {
  headers: ['linux/cryptouser.h'],
  sets: { algorithm: 'CRYPTOCFGA_' },
  members: { 'crypto-user-alg': 'cru_' },
  operations: { prefix: 'CRYPTO_MSG_' },
};
