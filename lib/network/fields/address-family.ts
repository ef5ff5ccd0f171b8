import { AddressFamily } from '../../schema/index.js';

/** Returns the number of an IP version in headers (`AF_INET`, `AF_INET6`). @internal */
export function familyNumber(version: unknown): number {
  return version === 4 ? AddressFamily.Inet : AddressFamily.Inet6;
}
