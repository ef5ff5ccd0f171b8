import type { WgpeerAttributes } from '../../families/wireguard.js';
import type { Cidr, Read, Row, Written } from '../common/written.js';
import type { Readers, Where, Writers } from '../tables/verbs.js';

/** The properties of a peer that can be written, without its link. @public */
export interface WireguardPeerOptions<U extends Written = Read> {
  /** The public key, as base64 text of 44 characters (`WGPEER_A_PUBLIC_KEY`). It identifies the peer. */
  readonly publicKey: string;
  /** The address and the port of the peer: `192.0.2.1:51820`, `[fd00::1]:51820`. The kernel changes it when the peer moves (`WGPEER_A_ENDPOINT`). */
  readonly endpoint?: string;
  /**
   * The networks behind the peer, the whole list, in any order (`WGPEER_A_ALLOWEDIPS`). A network belongs to one peer of a link: written to
   * another one, it leaves the first.
   */
  readonly allowedIps?: readonly Cidr[];
  /** The interval of keepalive packets in whole seconds; `null` for none (`WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL`). */
  readonly keepalive?: U['time'] | U['none'];
  /** The preshared key, as base64 text; `null` for none. Never read (`WGPEER_A_PRESHARED_KEY`). */
  readonly presharedKey?: U['secret'] | U['none'];
}

/** The properties of a peer that can be written. @public */
export interface WireguardPeerFields<U extends Written = Read> extends WireguardPeerOptions<U> {
  /** The WireGuard link, by name. */
  readonly link: string;
}

/** The properties of a peer that only the kernel sets. @public */
export interface WireguardPeerState {
  /** The index of the link. */
  readonly linkIndex: number;
  /** The time of the last handshake, in milliseconds since 1970; absent before the first one. */
  readonly lastHandshake?: number;
  /** Bytes that the peer sent. */
  readonly bytesReceived: bigint;
  /** Bytes that were sent to the peer. */
  readonly bytesSent: bigint;
}

/** A peer of a WireGuard link. `JSON.stringify` writes counters over 2^53 - 1 as text. @public */
export interface WireguardPeer extends WireguardPeerFields, WireguardPeerState {
  /** The row from which the object was made, without the preshared key; not enumerable. */
  readonly [Row]: Omit<WgpeerAttributes, 'presharedKey'>;
}

/** A peer to write. @public */
export type WireguardPeerSpec = WireguardPeerFields<Written>;

/** The key of a peer. A part that is omitted matches any value. @public */
export type WireguardPeerKey = Pick<WireguardPeerFields, 'publicKey'> & Partial<Pick<WireguardPeerFields, 'link'>>;

/** A filter for peers. @public */
export type WireguardPeerFilter = Where<Omit<WireguardPeerFields, 'presharedKey'> & WireguardPeerState>;

/** The verbs of the peers of WireGuard links. The kernel sends no events, so there is no `watch`. @public */
export interface WireguardPeers
  extends
    Omit<Readers<WireguardPeer, WireguardPeerKey, WireguardPeerFilter>, 'watch'>,
    Writers<WireguardPeer, WireguardPeerSpec, WireguardPeerKey> {}
