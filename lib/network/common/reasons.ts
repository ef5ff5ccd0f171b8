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

/** The meaning of error codes that the kernel sends without a text of its own. @internal */
export const MEANINGS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists',
  EBUSY: 'it is in use, or an object that it names is',
  EPERM: 'the kernel does not permit it',
  EACCES: 'the kernel does not permit it',
  ENODEV: 'it does not exist, or a link that it names does not',
  ENOENT: 'it does not exist, or an object that it names does not',
  ESRCH: 'it does not exist',
  ENETUNREACH: 'no route leads to the address',
  EHOSTUNREACH: 'no route leads to the address',
  ENETDOWN: 'a link that it needs is down; set it up first',
  EADDRNOTAVAIL: 'the address is not valid here',
  EOPNOTSUPP: 'the kernel does not support it',
  EAFNOSUPPORT: 'the kernel does not support the address family',
  EMLINK: 'jumps are nested too deeply, or lead in a circle',
  ELOOP: 'jumps lead in a circle, or to a base chain',
  EINVAL: 'the kernel rejects a value, and does not state which',
  ERANGE: 'a value is out of range, and the kernel does not state which',
};

/** The remedies of texts of the kernel, and of reasons. @internal */
export const REMEDIES: readonly (readonly [text: RegExp, remedy: string])[] = [
  [/^Nexthop has invalid gateway$/, 'the gateway must be in the network of a link that is up; onlink: true skips this test'],
  [/^mtu (?:less|greater) than device/, 'minMtu and maxMtu of the link are the limits'],
  [/netns is immutable$/, 'create it there: links.add({ ..., netns })'],
  [/^(?:Device for nexthop|Nexthop device) is not up$/, 'set the link up first'],
];
