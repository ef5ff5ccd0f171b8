import { FieldError } from '../common/field-error.js';
import { ip, network } from '../fields/address-checks.js';
import { linkName, list, shown, time, type Check } from '../fields/check.js';
import type { Shape } from '../fields/shape.js';
import { publicKey, secretKey } from './wireguard-keys.js';
import type { WireguardPeerOptions, WireguardPeerState } from './wireguard-peer.js';

/** Accepts an address with a port; returns both in canonical text. */
const endpoint: Check<string> = (value, path) => {
  const [, six, four, port] = (typeof value === 'string' ? /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(value) : null) ?? [];
  const address = six ?? four;
  const isValid = address !== undefined && Number(port) >= 1 && Number(port) <= 0xffff && address.includes(':') === (six !== undefined);
  if (!isValid) throw new FieldError(path, `expected an address with a port, '192.0.2.1:51820' or '[fd00::1]:51820', not ${shown(value)}`);
  const text = ip(address, path);
  return `${six === undefined ? text : `[${text}]`}:${Number(port)}`;
};

const networks = list(network);

/** The longest interval in seconds: 16 bits. */
const LONGEST = 0xffff;

const keepalive: Check<number> = (value, path) => {
  const milliseconds = time(value, path);
  if (Number.isInteger(milliseconds / 1000) && milliseconds >= 1000 && milliseconds <= LONGEST * 1000) return milliseconds;
  throw new FieldError(path, `expected whole seconds from 1 to ${LONGEST}, not ${milliseconds} ms; null turns it off`);
};

const OPTIONS: Readonly<Record<keyof WireguardPeerOptions, Check>> = {
  publicKey,
  endpoint,
  allowedIps: (value, path) => [...new Set(networks(value, path))],
  keepalive,
  presharedKey: secretKey,
};

const NULLABLE: readonly (keyof WireguardPeerOptions)[] = ['keepalive', 'presharedKey'];

/** Properties that only readers return. @internal */
export const PEER_STATE: readonly (keyof WireguardPeerState)[] = ['linkIndex', 'lastHandshake', 'bytesReceived', 'bytesSent'];

/** The properties of a peer in the list of a link. @internal */
export const PEER_OPTIONS: Shape = { fields: OPTIONS, nullable: NULLABLE, out: [...PEER_STATE, 'link'] };

const LINK = { link: linkName(127) };

/** The properties that writers accept. @internal */
export const PEER_SHAPE: Shape = { fields: { ...LINK, ...OPTIONS }, nullable: NULLABLE, out: PEER_STATE };

/** The properties of a key. @internal */
export const PEER_KEY: Shape = {
  fields: { ...LINK, publicKey },
  out: [...Object.keys(OPTIONS), ...PEER_STATE],
};
