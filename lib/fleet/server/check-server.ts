import { FleetError } from '../fleet-error.js';

/** The first version with consumers of several subjects, which a reader of single hosts needs. */
const OLDEST = [2, 10] as const;

/**
 * Checks the version of the server.
 *
 * @param version - The version of the server's greeting. One that cannot be read is accepted.
 * @throws FleetError if it is older than 2.10.
 * @internal
 */
export function checkServerVersion(version: string | undefined): void {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return;
  const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
  if (isOld)
    throw new FleetError(`fleet: the server is nats-server ${version}; expected ${OLDEST.join('.')} or later: update it`, 'server');
}
