import { type Observable, catchError, concatMap, from, map, of, reduce, throwError } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { isKernelError } from '../../errors/index.js';
import type { WgdeviceAttributes } from '../../families/wireguard.js';
import type { NetworkClients } from '../clients.js';
import type { WireguardOptions } from '../links/kinds/wireguard.js';
import type { Link } from '../links/link.js';
import { peerOf } from './peer-rows.js';
import { keyText } from './wireguard-keys.js';

/** Reads the options of the WireGuard links among some links, by index. @internal */
export function readDevices(
  { wireguard }: Pick<NetworkClients, 'wireguard'>,
  links: readonly Link[],
): Observable<ReadonlyMap<number, WireguardOptions>> {
  return from(links.filter(({ kind }) => kind === 'wireguard')).pipe(
    concatMap(({ name, index: ifindex }) =>
      wireguard.list('get-device', { ifindex }).pipe(
        map((devices) => devices.map((device) => [ifindex, optionsOf(device, name, ifindex)] as const)),
        // The link was deleted in between.
        catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of([]) : throwError(() => error))),
      ),
    ),
    reduce((all, devices) => new Map([...all, ...devices]), new Map<number, WireguardOptions>()),
  );
}

/** Translates a device. @internal */
export function optionsOf(
  { publicKey, listenPort, fwmark, peers = [] }: WgdeviceAttributes,
  link: string,
  ifindex: number,
): WireguardOptions {
  return omitUndefined({
    publicKey: keyText(publicKey),
    listenPort: listenPort === 0 ? undefined : listenPort,
    mark: fwmark === 0 ? undefined : fwmark,
    peers: peers.map((row) => peerOf(row, link, ifindex)),
  });
}
