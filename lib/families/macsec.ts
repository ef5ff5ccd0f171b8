import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { parseLinkAddress } from '../wire/index.js';
import { macsecSchema, type MacsecFamily } from './generated/macsec.js';

export * from './generated/macsec.js';

/** The numbers of ciphers in `secy.cipherSuite`, and in `cipherSuite` of a link (`MACSEC_CIPHER_ID_...`). @public */
export const MacsecCipher: {
  /** GCM-AES-128, under the number that the kernel reports by default (`MACSEC_DEFAULT_CIPHER_ID`). */
  readonly Default: 0x0080020001000001n;
  readonly GcmAes128: 0x0080c20001000001n;
  readonly GcmAes256: 0x0080c20001000002n;
  /** With packet numbers of 64 bits. */
  readonly GcmAesXpn128: 0x0080c20001000003n;
  readonly GcmAesXpn256: 0x0080c20001000004n;
} = Object.freeze({
  Default: 0x0080020001000001n,
  GcmAes128: 0x0080c20001000001n,
  GcmAes256: 0x0080c20001000002n,
  GcmAesXpn128: 0x0080c20001000003n,
  GcmAesXpn256: 0x0080c20001000004n,
});

/**
 * Returns the number of a secure channel (SCI).
 *
 * @param address - Link-layer address of 6 bytes: `'02:00:00:00:00:01'`.
 * @param port - Port of the channel, from 1 to 65535.
 * @throws TypeError or RangeError if one of the two is not valid.
 * @example The channel of a peer
 * ```ts
 * secureChannel('02:00:00:00:00:60', 1); // 0x0200000000600001n
 * ```
 * @public
 */
export function secureChannel(address: string, port: number): bigint {
  const bytes = parseLinkAddress(address);
  if (bytes.byteLength !== 6) throw new RangeError(`secureChannel: ${address} has ${bytes.byteLength} bytes; expected 6`);
  if (!Number.isInteger(port) || port < 1 || port > 0xffff)
    throw new RangeError(`secureChannel: ${port} is not a port; expected an integer from 1 to 65535`);
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) * 0x1_0000n + BigInt(port);
}

/**
 * Secure channels and associations of MACsec.
 *
 * A link of the kind `macsec` (`rtLink`) has one channel that sends. Requests for one interface do not exist: `get-txsc` lists all.
 *
 * @public
 */
export const macsec: WatchableFamilyFactory<MacsecFamily, never> = watchableFamily(macsecSchema, {
  'get-txsc': 'MACsec sends no events; list at an interval',
});
