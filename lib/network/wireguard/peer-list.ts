import { WgpeerFlags, type SetDeviceRequest } from '../../families/wireguard.js';
import { compare } from '../tables/compare.js';
import type { Wanted } from '../tables/table-model.js';
import type { Written } from '../common/written.js';
import { hasPresharedKey, peerChange, peerRequests, sameNetworks, type PeerChange } from './peer-rows.js';
import { keyBytes } from './wireguard-keys.js';
import type { WireguardPeerOptions } from './wireguard-peer.js';

type Peer = WireguardPeerOptions<Written>;
type Found = readonly WireguardPeerOptions[];

/** Returns the names of the properties of a peer that differ. */
function differences(wanted: Peer, found: WireguardPeerOptions): readonly string[] {
  const equal = { allowedIps: sameNetworks, presharedKey: (key: unknown) => hasPresharedKey(found, key) };
  return [...compare(wanted as unknown as Wanted, found, equal).keys()];
}

/** Returns true if a link has exactly the wanted peers, in any order, each with its wanted properties. @internal */
export function samePeers(wanted: unknown, found: unknown): boolean {
  return changesTo((wanted ?? []) as readonly Peer[], (found ?? []) as Found).length === 0;
}

/** Returns the changes from the peers of a link to the wanted ones. */
function changesTo(wanted: readonly Peer[], found: Found): readonly PeerChange[] {
  const there = new Map(found.map((peer) => [peer.publicKey, peer]));
  const kept = new Set(wanted.map(({ publicKey }) => publicKey));
  const gone = found.filter(({ publicKey }) => !kept.has(publicKey));
  return [
    ...gone.map(({ publicKey }) => ({ peer: { publicKey }, flags: WgpeerFlags.RemoveMe })),
    ...wanted.flatMap((peer) => {
      const known = there.get(peer.publicKey);
      if (known === undefined) return [{ peer: written(peer), flags: WgpeerFlags.ReplaceAllowedips }];
      const changed = differences(peer, known);
      return changed.length === 0 ? [] : [peerChange(known, peer, changed)];
    }),
  ];
}

/** A new peer has nothing to remove. */
function written(peer: Peer): Peer {
  return Object.fromEntries(Object.entries(peer).filter(([, value]) => value !== null)) as unknown as Peer;
}

/** The options of a WireGuard link to write. @internal */
export interface DeviceChange {
  readonly privateKey?: string | null;
  readonly listenPort?: number;
  readonly mark?: number | null;
  readonly peers?: readonly Peer[];
}

/** Returns the requests that write options of a WireGuard link. @internal */
export function deviceRequests(
  self: { readonly ifname: string } | { readonly ifindex: number },
  { privateKey, listenPort, mark, peers }: DeviceChange,
  found: Found,
): readonly SetDeviceRequest[] {
  const device: SetDeviceRequest = {
    ...(privateKey !== undefined && { privateKey: keyBytes(privateKey) }),
    ...(listenPort !== undefined && { listenPort }),
    ...(mark !== undefined && { fwmark: mark ?? 0 }),
  };
  const requests = peers === undefined ? [] : peerRequests(changesTo(peers, found)).map((request) => ({ ...self, ...request }));
  return Object.keys(device).length === 0 ? requests : [{ ...self, ...device }, ...requests];
}
