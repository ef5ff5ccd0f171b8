import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect } from 'chai';
import { EncodeError, Unknown, stringify, unknownAttributes } from '../../lib/index.js';
import { wireguardSchema } from '../../lib/families/generated/wireguard.js';
import { operationCodec, type BackEndKind } from '../../lib/schema/index.js';
import { AttributeEncoder } from '../../lib/wire/index.js';

const codec = operationCodec(wireguardSchema, 'set-device');
const bytes = Uint8Array.from({ length: 32 }, (_, at) => 8 * at + 7);
const text = Buffer.from(bytes).toString('base64');

function errorOf(request: object): string {
  try {
    codec.encode(request);
  } catch (error) {
    expect(error).to.be.instanceOf(EncodeError);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('WireGuard keys', () => {
  it('are written as bytes or as base64 text, and read as bytes', () => {
    const request = (key: string | Uint8Array): object => ({
      ifname: 'wg0',
      privateKey: key,
      publicKey: key,
      peers: [{ publicKey: key, presharedKey: key }],
    });
    const written = codec.encode(request(text));
    expect(written).to.deep.equal(codec.encode(request(bytes)));
    expect(Buffer.from(written).indexOf(bytes)).to.be.greaterThan(0);
    const row = codec.decodePayload(written) as { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array };
    expect([...row.privateKey]).to.deep.equal([...bytes]);
    expect(Object.getPrototypeOf(row.privateKey)).to.equal(Uint8Array.prototype);
    // The decoded bytes can be used and written again.
    const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), row.privateKey]);
    expect(createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).asymmetricKeyType).to.equal('x25519');
    expect(codec.encode(row)).to.deep.equal(written);
  });

  it('reject other texts and lengths, without the value in the error', () => {
    const expected = 'cannot be written; expected 32 bytes, or their base64 text of 44 characters';
    for (const wrong of [
      text.slice(0, 43),
      `${text}=`,
      text.replace('=', 'A'),
      `${text.slice(0, 42)}B=`,
      ` ${text.slice(1)}`,
      '',
      'no key',
    ]) {
      expect(errorOf({ privateKey: wrong })).to.equal(`EENCODE .privateKey: <secret, ${wrong.length} characters> ${expected}`);
    }
    expect(errorOf({ publicKey: bytes.subarray(1) })).to.equal(`EENCODE .publicKey: <secret, 31 bytes> ${expected}`);
    expect(errorOf({ peers: [{ presharedKey: [...bytes] }] })).to.equal(`EENCODE .peers[0].presharedKey: <secret> ${expected}`);
    expect(errorOf({ peers: text })).to.equal('EENCODE .peers: a string is not an array');
  });

  it('are hidden by stringify after they were written', () => {
    const mine = new Uint8Array(bytes);
    expect(stringify({ mine })).to.include('0f17');
    codec.encode({ privateKey: mine });
    expect(stringify({ mine })).to.equal('{"mine":"<secret, 32 bytes>"}');
    expect(Reflect.ownKeys(mine).filter((key) => typeof key === 'symbol' || Number.isNaN(Number(key)))).to.be.empty;
  });

  for (const backEnd of ['compiled', 'closures'] satisfies BackEndKind[]) {
    it(`hide unknown attributes beside them, and only there, in the back end "${backEnd}"`, () => {
      // Attribute 77 of a device, and 78 of an allowed address of a peer, which cannot contain keys.
      const payload = new AttributeEncoder()
        .bytes(77, bytes)
        .nest(8, (peers) => peers.nest(0, (peer) => peer.nest(9, (list) => list.nest(0, (allowed) => allowed.bytes(78, bytes)))))
        .encode();
      const row = operationCodec(wireguardSchema, 'set-device', backEnd).decodePayload(Buffer.concat([new Uint8Array(4), payload]));
      expect(unknownAttributes(row).map(({ path, attribute }) => [path, attribute.type])).to.deep.equal([
        ['', 77],
        ['.peers[0].allowedips[0]', 78],
      ]);
      expect(stringify((row as { [Unknown]?: unknown })[Unknown])).to.equal('[{"type":77,"flags":0,"payload":"<secret, 32 bytes>"}]');
      expect(stringify(row)).to.include(`{"type":78,"flags":0,"payload":"${Buffer.from(bytes).toString('hex')}"}`);
    });
  }
});
