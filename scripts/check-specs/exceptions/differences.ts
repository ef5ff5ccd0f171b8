import type { Exception } from './exception.js';

const ORDER = 'Linux 6.18 has another order than 6.12; the library has both';

/** Accepted differences between a descriptor and the headers. An entry that no longer occurs is an error. */
export const DIFFERENCES: readonly Exception[] = [
  {
    family: 'rt-link',
    subject: 'entry ifla-inet6-stats/*',
    reason: ORDER,
    before: '6.18',
  },
  { family: 'rt-link', subject: 'entry ifla-inet6-stats-6-12/*', reason: ORDER, since: '6.18' },
  { family: 'nfnetlink_osf', subject: 'struct nf-osf-user-finger', reason: 'without its 40 options, which are a list' },
  {
    family: 'rt-link',
    subject: 'member ifla-bridge-id/prio big-endian',
    reason: 'linux/if_link.h declares it as two bytes, the most significant first',
  },
  {
    family: 'rt-link',
    subject: 'entry ipv4-devconf/*',
    reason: 'IFLA_INET_CONF is read as an array: its indexes are the numbers of linux/ip.h less one',
  },
];
