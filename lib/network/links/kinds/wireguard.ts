import type { Read, Written } from '../../common/written.js';
import { FieldError } from '../../common/field-error.js';
import { integer, list, uint32, type Check } from '../../fields/check.js';
import { computed, type Option, type OptionFlags } from '../../fields/option.js';
import { object, requireFields } from '../../fields/shape.js';
import { samePeers } from '../../wireguard/peer-list.js';
import { PEER_OPTIONS } from '../../wireguard/peer-shape.js';
import { publicKeyOf, secretKey } from '../../wireguard/wireguard-keys.js';
import type { WireguardPeerOptions, WireguardPeerState } from '../../wireguard/wireguard-peer.js';
import type { Kind } from './kind.js';

/** The options of a WireGuard link (`WGDEVICE_A_*`), which readers return for `with: 'wireguard'`. @public */
export interface WireguardOptions<U extends Written = Read> {
  /** The private key, as base64 text; `null` for none. Never read (`WGDEVICE_A_PRIVATE_KEY`). */
  readonly privateKey?: U['secret'] | U['none'];
  /** The public key, which follows from the private one; only read (`WGDEVICE_A_PUBLIC_KEY`). */
  readonly publicKey?: string;
  /** The UDP port; the kernel chooses one if it is omitted (`WGDEVICE_A_LISTEN_PORT`). */
  readonly listenPort?: number;
  /** The firewall mark of encrypted packets; `null` for none (`WGDEVICE_A_FWMARK`). */
  readonly mark?: number | U['none'];
  /** All peers: a list is the whole list, in any order (`WGDEVICE_A_PEERS`). */
  readonly peers?: readonly (WireguardPeerOptions<U> & Partial<WireguardPeerState>)[];
}

const peerList = list(object<WireguardPeerOptions>(PEER_OPTIONS));

/** Accepts peers, each once, and each network with one of them. */
const peers: Check = (value, path) => {
  const owners = new Map<string, number>();
  const own = (name: string, index: number, place: string): void => {
    const other = owners.get(name);
    if (other !== undefined) throw new FieldError(place, `${name} belongs to ${path}[${other}] already`);
    owners.set(name, index);
  };
  const given = peerList(value, path);
  for (const [index, peer] of given.entries()) {
    requireFields(peer, ['publicKey']);
    own(peer.publicKey!, index, `${path}[${index}].publicKey`);
    for (const network of peer.allowedIps ?? []) own(network, index, `${path}[${index}].allowedIps`);
  }
  return given;
};

/** An option that the WireGuard family writes, behind the link. */
function separate(name: string, check: Check, same?: Option['same'], flags: OptionFlags = {}): Option {
  return { ...computed(name, check, flags), read: () => undefined, write: () => undefined, ...(same !== undefined && { same }) };
}

/** The kind `wireguard`. @internal */
export const wireguard: Kind<WireguardOptions> = {
  options: {
    privateKey: separate('privateKey', secretKey, (wanted, _found, link) => publicKeyOf(wanted) === deviceOf(link).publicKey, {
      nullable: true,
    }),
    publicKey: separate('publicKey', (value) => value, undefined, { out: true }),
    listenPort: separate('listenPort', integer(1, 0xffff)),
    mark: separate('mark', uint32, (wanted, found) => (wanted ?? 0) === (found ?? 0), { nullable: true }),
    peers: separate('peers', peers, samePeers),
  },
  separate: true,
};

function deviceOf(link: object | undefined): WireguardOptions {
  return (link as { readonly wireguard?: WireguardOptions } | undefined)?.wireguard ?? {};
}
