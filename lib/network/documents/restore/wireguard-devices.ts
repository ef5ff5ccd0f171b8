import { catchError, concatMap, from, map, of, reduce, throwError, type Observable } from 'rxjs';
import { omitUndefined } from '../../../check/index.js';
import { isKernelError } from '../../../errors/index.js';
import { WgpeerFlags, type GetDeviceReply, type SetDeviceRequest } from '../../../families/wireguard.js';
import { sameValue } from '../../../live/internal.js';
import type { Link } from '../../links/link.js';
import { step, type Step } from '../../tables/step.js';
import { peerRequests, type PeerChange } from '../../wireguard/peer-rows.js';
import { keyText } from '../../wireguard/wireguard-keys.js';
import type { Site, SiteChange } from '../site.js';

/** The devices of WireGuard links by index, as the kernel gave them, with their keys. @internal */
export type WireguardDevices = ReadonlyMap<number, GetDeviceReply>;

/** The indexes of the WireGuard links that changes write, each with true if the changes write its peers too. @internal */
export type WrittenDevices = ReadonlyMap<number, boolean>;

type Peer = PeerChange['peer'];

/** The length of a key; a key of zeros removes one. */
const KEY_LENGTH = 32;

/** The properties of a peer. */
const PROPERTIES = ['presharedKey', 'endpoint', 'keepalive', 'allowedIps'] as const;

/** Returns the WireGuard links whose devices changes of a namespace write. @internal */
export function writtenDevices(site: Site, changes: readonly SiteChange[]): WrittenDevices {
  const written = new Map<number, boolean>();
  for (const { site: other, change } of changes.filter(({ change: { table } }) => table === 'links')) {
    const before = change.before as Link | undefined;
    if (other !== site || before?.kind !== 'wireguard') continue;
    const paths = [...(change.changes?.keys() ?? [])];
    const isNew = change.action !== 'change';
    // A link that is up without a port gets one.
    if (!isNew && !paths.some((path) => path === 'up' || path.split('.')[0] === 'wireguard')) continue;
    const hasPeers = isNew || paths.includes('wireguard.peers');
    written.set(before.index, hasPeers || written.get(before.index) === true);
  }
  return written;
}

/** Reads the devices of the WireGuard links that are written. @internal */
export function readWireguardDevices(
  { clients }: Site,
  links: readonly Link[],
  isWritten: (index: number) => boolean,
): Observable<WireguardDevices> {
  return from(links.filter(({ kind, index }) => kind === 'wireguard' && isWritten(index))).pipe(
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

/** Returns the requests that write devices back, by index; a device that is as before has none. @internal */
export function deviceSteps(
  { clients: { wireguard } }: Pick<Site, 'clients'>,
  before: WireguardDevices,
  now: WireguardDevices,
  written: WrittenDevices,
): ReadonlyMap<number, readonly Step[]> {
  const all = [...written].map(([ifindex, hasPeers]) => {
    const [device, found] = [before.get(ifindex), now.get(ifindex)];
    const requests = device === undefined || found === undefined ? [] : requestsTo(device, found, hasPeers);
    return [ifindex, requests.map((request) => step(wireguard, 'set-device', { ifindex, ...request }))] as const;
  });
  return new Map(all.filter(([, steps]) => steps.length > 0));
}

function requestsTo(before: GetDeviceReply, now: GetDeviceReply, hasPeers: boolean): readonly SetDeviceRequest[] {
  const { privateKey = new Uint8Array(KEY_LENGTH), listenPort = 0, fwmark = 0 } = before;
  const hasOtherKey = keyText(before.privateKey) !== keyText(now.privateKey);
  const settings = omitUndefined({
    privateKey: hasOtherKey ? privateKey : undefined,
    listenPort: listenPort === (now.listenPort ?? 0) ? undefined : listenPort,
    fwmark: fwmark === (now.fwmark ?? 0) ? undefined : fwmark,
  });
  const [wanted, found] = [peersOf(before), peersOf(now)];
  // The kernel removes the peer whose public key belongs to a new private key. Other programs, and roaming, change the others.
  const missing = hasOtherKey ? wanted.filter(({ publicKey }) => !found.some((peer) => peer.publicKey === publicKey)) : [];
  const changes = hasPeers ? peerChanges(wanted, found) : missing.map(addition);
  const requests = peerRequests(changes);
  return Object.keys(settings).length === 0 ? requests : [settings, ...requests];
}

/** Returns the changes from the peers of now to those of before. */
function peerChanges(wanted: readonly Peer[], found: readonly Peer[]): readonly PeerChange[] {
  const kept = new Set(wanted.map(({ publicKey }) => publicKey));
  const there = new Map(found.map((peer) => [peer.publicKey, peer]));
  const gone = found.filter(({ publicKey }) => !kept.has(publicKey));
  return [...gone.map(removal), ...wanted.flatMap((peer) => changesTo(peer, there.get(peer.publicKey)))];
}

function changesTo(peer: Peer, found: Peer | undefined): readonly PeerChange[] {
  if (found === undefined) return [addition(peer)];
  const changed = PROPERTIES.filter((name) => !sameValue(peer[name], found[name]));
  if (changed.length === 0) return [];
  // The kernel has no request that removes an endpoint.
  if (changed.includes('endpoint') && peer.endpoint === undefined) return [removal(peer), addition(peer)];
  const part = Object.fromEntries(changed.map((name) => [name, peer[name] ?? null]));
  const flags = WgpeerFlags.UpdateOnly | (changed.includes('allowedIps') ? WgpeerFlags.ReplaceAllowedips : 0);
  return [{ peer: { ...part, publicKey: peer.publicKey }, flags }];
}

function addition(peer: Peer): PeerChange {
  return { peer, flags: WgpeerFlags.ReplaceAllowedips };
}

function removal({ publicKey }: Peer): PeerChange {
  return { peer: { publicKey }, flags: WgpeerFlags.RemoveMe };
}

/** Returns the configured properties of peers, without the counters and the times. */
function peersOf({ peers = [] }: GetDeviceReply): readonly Peer[] {
  return peers.map(({ publicKey, presharedKey, endpoint, persistentKeepaliveInterval, allowedips = [] }) =>
    omitUndefined({
      publicKey: keyText(publicKey)!,
      presharedKey: keyText(presharedKey),
      endpoint,
      keepalive: persistentKeepaliveInterval ? persistentKeepaliveInterval * 1000 : undefined,
      allowedIps: allowedips.map(({ ipaddr, cidrMask }) => `${ipaddr!}/${cidrMask!}`).sort(),
    }),
  );
}
