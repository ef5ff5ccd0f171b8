import type { HeaderNames } from '../header-names.js';

export const rtAddrlabelNames: HeaderNames = {
  headers: ['linux/if_addrlabel.h', 'linux/rtnetlink.h'],
  sets: { addrlabel: 'IFAL_' },
  operations: { prefix: 'RTM_', replies: [['GET', 'NEW']] },
  names: { 'ifaddrlblmsg/reserved': '__ifal_reserved' },
};
