import { catchError, concatMap, from, map, of, reduce, throwError, type Observable } from 'rxjs';
import { omitUndefined } from '../../../check/index.js';
import { isKernelError } from '../../../errors/index.js';
import { WgdeviceFlags, WgpeerFlags, type GetDeviceReply, type WgpeerAttributes } from '../../../families/wireguard.js';
import { sameValue } from '../../../live/internal.js';
import type { Link } from '../../links/link.js';
import { step, type Step } from '../../tables/step.js';
import { peerRequests, type PeerChange } from '../../wireguard/peer-rows.js';
import { keyText } from '../../wireguard/wireguard-keys.js';
import type { Site } from '../site.js';

/** The devices of WireGuard links by index, as the kernel gave them, with their keys. @internal */
export type WireguardDevices = ReadonlyMap<number, GetDeviceReply>;

/** The length of a key; a key of zeros removes one. */
const KEY_LENGTH = 32;

/** Reads the devices of the WireGuard links among some links. @internal */
export function readWireguardDevices({ clients }: Site, links: readonly Link[]): Observable<WireguardDevices> {
  return from(links.filter(({ kind }) => kind === 'wireguard')).pipe(
    concatMap(({ index: ifindex }) =>
      clients.wireguard.list('get-device', { ifindex }).pipe(
        map((devices) => devices.map((device) => [ifindex, device] as const)),
        // The link was deleted in between.
        catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of([]) : throwError(() => error))),
      ),
    ),
    reduce((all, devices) => new Map([...all, ...devices]), new Map<number, GetDeviceReply>()),
  );
}

/** Returns the indexes of the devices that differ from those of before. @internal */
export function changedDevices(before: WireguardDevices, now: WireguardDevices): readonly number[] {
  return [...before].flatMap(([index, device]) => {
    const found = now.get(index);
    return found !== undefined && !sameValue(contentOf(device), contentOf(found)) ? [index] : [];
  });
}

/** Returns the requests that write a device back, all its peers included. @internal */
export function deviceSteps({ clients: { wireguard } }: Site, ifindex: number, device: GetDeviceReply): readonly Step[] {
  const { privateKey = new Uint8Array(KEY_LENGTH), listenPort = 0, fwmark = 0, peers = [] } = device;
  const changes = peers.map((row): PeerChange => ({ peer: peerOf(row), flags: WgpeerFlags.ReplaceAllowedips }));
  return [
    step(wireguard, 'set-device', { ifindex, privateKey, listenPort, fwmark, flags: WgdeviceFlags.ReplacePeers }),
    ...peerRequests(changes).map((request) => step(wireguard, 'set-device', { ifindex, ...request })),
  ];
}

/** Returns what is configured: without the counters and the times of peers. */
function contentOf({ privateKey, listenPort, fwmark, peers = [] }: GetDeviceReply): object {
  const all = peers.map((row) => JSON.stringify(peerOf(row)));
  return { privateKey: keyText(privateKey), listenPort, fwmark, peers: all.sort() };
}

function peerOf({ publicKey, presharedKey, endpoint, persistentKeepaliveInterval, allowedips = [] }: WgpeerAttributes): PeerChange['peer'] {
  return omitUndefined({
    publicKey: keyText(publicKey)!,
    presharedKey: keyText(presharedKey),
    endpoint,
    keepalive: persistentKeepaliveInterval ? persistentKeepaliveInterval * 1000 : undefined,
    allowedIps: allowedips.map(({ ipaddr, cidrMask }) => `${ipaddr!}/${cidrMask!}`).sort(),
  });
}
