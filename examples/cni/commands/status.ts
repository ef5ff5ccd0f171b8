import { accessSync, constants, mkdirSync } from 'node:fs';
import { map, mergeMap, of, type Observable } from 'rxjs';
import { CniError, ErrorCode } from '../errors.js';
import { masqueradeDocument } from '../host/masquerade.js';
import type { Call } from './call.js';

/** Succeeds if the plugin can execute `ADD`: `STATUS`. */
export function status({ host, configuration, reservations }: Call): Observable<void> {
  const { bridge, ipMasq, pool } = configuration;
  mkdirSync(pool.folder, { recursive: true });
  accessSync(pool.folder, constants.W_OK);
  if (!reservations.hasFree()) throw notAvailable(`all addresses of ${pool.subnet} are in use; delete containers, or use a larger subnet`);
  return host.links.find(bridge).pipe(
    map((found) => {
      if (found === undefined) return;
      if (found.kind !== 'bridge') throw notAvailable(`${bridge} is not a bridge; choose another name for the bridge of this network`);
      if (found.up !== true && reservations.list().length > 0) {
        const details = `bridge ${bridge} is down, so that its containers reach nothing; set it up: ip link set ${bridge} up`;
        throw new CniError(ErrorCode.LimitedConnectivity, 'containers have no connectivity', details);
      }
    }),
    // Fails if the kernel has no nftables, or if the process may not write them.
    mergeMap(() => (ipMasq ? host.plan(masqueradeDocument(configuration)) : of(undefined))),
    map(() => undefined),
  );
}

const notAvailable = (details: string) => new CniError(ErrorCode.NotAvailable, 'the plugin is not available', details);
