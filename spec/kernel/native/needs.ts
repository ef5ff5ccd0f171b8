import { accessSync, constants, readFileSync } from 'node:fs';
import { skipBecause } from '../../support/unavailable.js';

/** Skips a spec, or a suite when called from its `before` hook, if this user namespace has only one user. */
export function needsOtherUsers(context: Mocha.Context): void {
  const [, , count] = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
  if (count === '1') skipBecause(context, 'this user namespace has no other user');
}

/** Skips a spec, or a suite when called from its `before` hook, if this user may not open /dev/net/tun. */
export function needsTun(context: Mocha.Context): void {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch (error) {
    skipBecause(context, 'this user may not open /dev/net/tun', error);
  }
}
