import type { NetworkReason } from './network-error.js';

/** The reasons of error codes that mean the same for each table. @internal */
export const REASONS: Readonly<Record<string, NetworkReason>> = {
  ENODEV: 'missing',
  EEXIST: 'exists',
  EBUSY: 'busy',
  EPERM: 'denied',
  EACCES: 'denied',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EOPNOTSUPP: 'unsupported',
  EAFNOSUPPORT: 'unsupported',
  EINVAL: 'invalid',
  ERANGE: 'invalid',
};
