import { omitUndefined } from '../../check/index.js';
import { WgpeerFlags, type SetDeviceRequest, type WgpeerAttributes, type WgpeerAttributesInput } from '../../families/wireguard.js';
import { withJson } from '../common/json.js';
import { withRow, type Written } from '../common/written.js';
import { keyBytes, keyText } from './wireguard-keys.js';
import type { WireguardPeer, WireguardPeerOptions } from './wireguard-peer.js';

/** The preshared keys of peers that were read. They are compared, and never a part of an object. */
const presharedKeys = new WeakMap<object, string>();

/** Translates a row. @internal */
export function peerOf(row: WgpeerAttributes, link: string, linkIndex: number): WireguardPeer {
  const { presharedKey, ...rest } = row;
  const { sec = 0n, nsec = 0n } = row.lastHandshakeTime ?? {};
  const peer = {
    link,
    publicKey: keyText(row.publicKey)!,
    endpoint: row.endpoint,
    allowedIps: (row.allowedips ?? []).map(({ ipaddr, cidrMask }) => `${ipaddr!}/${cidrMask!}`),
    keepalive: row.persistentKeepaliveInterval ? row.persistentKeepaliveInterval * 1000 : undefined,
    linkIndex,
    lastHandshake: sec === 0n && nsec === 0n ? undefined : Number(sec) * 1000 + Math.floor(Number(nsec) / 1e6),
    bytesReceived: row.rxBytes ?? 0n,
    bytesSent: row.txBytes ?? 0n,
  };
  const object: WireguardPeer = withJson(withRow(omitUndefined(peer), rest));
  const secret = keyText(presharedKey);
  if (secret !== undefined) presharedKeys.set(object, secret);
  return object;
}

/** Returns true if a peer has the wanted preshared key; `null` wants none. @internal */
export function hasPresharedKey(peer: object, wanted: unknown): boolean {
  return (presharedKeys.get(peer) ?? null) === wanted;
}

/** Returns true if two lists have the same networks. @internal */
export function sameNetworks(wanted: unknown, found: unknown): boolean {
  const [one, other] = [wanted, found].map((networks) => [...((networks ?? []) as readonly string[])].sort().join(' '));
  return one === other;
}

/** A change of one peer. @internal */
export interface PeerChange {
  /** The properties to write. */
  readonly peer: { readonly publicKey: string } & Partial<WireguardPeerOptions<Written>>;
  readonly flags?: number;
}

/** Bytes of a request that the peers may fill; an attribute has at most 65,535. */
const SPACE = 30_000;
const PEER_SIZE = 160;
const NETWORK_SIZE = 44;

/** Returns the requests that write peers of one link, each with as many as fit. @internal */
export function peerRequests(changes: readonly PeerChange[]): readonly Pick<SetDeviceRequest, 'peers'>[] {
  const requests: WgpeerAttributesInput[][] = [];
  let left = 0;
  const add = (peer: WgpeerAttributesInput, networks: readonly string[] | undefined): void => {
    if (left < PEER_SIZE + NETWORK_SIZE) {
      requests.push([]);
      left = SPACE;
    }
    const count = Math.min(networks?.length ?? 0, Math.floor((left - PEER_SIZE) / NETWORK_SIZE));
    left -= PEER_SIZE + count * NETWORK_SIZE;
    const allowedips = networks?.slice(0, count).map((ipaddr) => ({ ipaddr }));
    requests.at(-1)!.push(allowedips === undefined ? peer : { ...peer, allowedips });
    // The rest is added to those of the first request.
    const { flags = 0, publicKey } = peer;
    if (networks !== undefined && count < networks.length)
      add({ publicKey: publicKey!, flags: flags & ~WgpeerFlags.ReplaceAllowedips }, networks.slice(count));
  };
  for (const { peer, flags = 0 } of changes) add(attributesOf(peer, flags), peer.allowedIps);
  return requests.map((peers) => ({ peers }));
}

function attributesOf({ publicKey, endpoint, keepalive, presharedKey }: PeerChange['peer'], flags: number): WgpeerAttributesInput {
  return omitUndefined({
    publicKey: keyBytes(publicKey),
    flags,
    endpoint,
    persistentKeepaliveInterval: keepalive === undefined ? undefined : Number(keepalive ?? 0) / 1000,
    presharedKey: presharedKey === undefined ? undefined : keyBytes(presharedKey),
  });
}

/**
 * Returns the change that gives a peer the wanted properties.
 *
 * @param changed - The names of the properties that differ.
 * @internal
 */
export function peerChange(found: WireguardPeerOptions, wanted: WireguardPeerOptions<Written>, changed: readonly string[]): PeerChange {
  const part = Object.fromEntries(Object.entries(wanted).filter(([name]) => changed.includes(name))) as Partial<typeof wanted>;
  const { allowedIps } = part;
  // A peer that was deleted meanwhile is not created again.
  const base = { ...part, publicKey: wanted.publicKey };
  if (allowedIps === undefined) return { peer: base, flags: WgpeerFlags.UpdateOnly };
  const there = new Set(found.allowedIps);
  const added = allowedIps.filter((network) => !there.has(network));
  // Networks that stay are not removed for a moment.
  if (there.size + added.length === allowedIps.length) return { peer: { ...base, allowedIps: added }, flags: WgpeerFlags.UpdateOnly };
  return { peer: base, flags: WgpeerFlags.UpdateOnly | WgpeerFlags.ReplaceAllowedips };
}
