import { expect } from 'chai';
import { wireguardSchema } from '../../../lib/families/generated/wireguard.js';
import type { WgdeviceAttributes, WgpeerAttributes } from '../../../lib/families/wireguard.js';
import type { FamilyComparer } from '../comparer.js';

export const base64 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64');
const NONE = '(none)';

/** Returns a peer as `wg show ... dump` prints it. */
export function peerRow(peer: WgpeerAttributes): string[] {
  const preshared = base64(peer.presharedKey);
  const allowed = (peer.allowedips ?? []).map(({ ipaddr, cidrMask }) => `${ipaddr!}/${cidrMask!}`).join(',');
  return [
    base64(peer.publicKey),
    preshared === base64(new Uint8Array(32)) ? NONE : preshared,
    peer.endpoint ?? NONE,
    allowed === '' ? NONE : allowed,
    String(peer.lastHandshakeTime?.sec),
    String(peer.rxBytes),
    String(peer.txBytes),
    peer.persistentKeepaliveInterval === 0 ? 'off' : String(peer.persistentKeepaliveInterval),
  ];
}

/** Returns the device, which `wg` prints first. */
export function deviceRow({ privateKey, publicKey, listenPort, fwmark }: WgdeviceAttributes): string[] {
  return [base64(privateKey), base64(publicKey), String(listenPort), fwmark === 0 ? 'off' : `0x${(fwmark ?? -1).toString(16)}`];
}

export const comparer: FamilyComparer = {
  schema: wireguardSchema,
  compare({ shown, answers }) {
    const devices = answers.flatMap(({ rows }) => rows) as unknown as WgdeviceAttributes[];
    expect(devices).to.have.length(1);
    const [device] = devices as [WgdeviceAttributes];
    expect([deviceRow(device), ...(device.peers ?? []).map(peerRow)]).to.deep.equal(shown);
  },
};
