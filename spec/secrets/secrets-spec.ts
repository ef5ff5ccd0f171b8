import { expect } from 'chai';
import { stringify } from '../../lib/index.js';
import { operationCodec } from '../../lib/schema/index.js';
import { loadSchemas } from '../codegen/generated.js';
import { needsChildNode } from '../support/emulator.js';
import { runChild } from '../support/child.js';
import { leaksOf, makeSecret } from './leaks.js';
import { valueOf, type Outputs } from './outputs.js';
import { declaredSecrets, secretPlaces } from './places.js';

const families = await loadSchemas();
const places = families.flatMap(secretPlaces);

describe(`secrets: ${places.length} attributes of ${new Set(places.map(({ schema }) => schema)).size} families`, () => {
  let stderr = '';
  let lines: readonly { readonly name: string; readonly outputs: Outputs }[] = [];

  before(async function () {
    this.timeout(120_000);
    needsChildNode(this);
    const script = `const { runOutputs } = await import('./spec/secrets/run-outputs.ts'); await runOutputs();`;
    const child = await runChild(script, { bare: true, milliseconds: 100_000, env: { NODE_DEBUG: 'rxnetlink' } });
    expect(child.code, child.stderr.slice(-2000)).to.equal(0);
    stderr = child.stderr;
    lines = JSON.parse(child.stdout) as typeof lines;
  });

  it('include every secret that a descriptor declares, for example the keys of WireGuard and nl80211', () => {
    const declared = families.flatMap((schema) => declaredSecrets(schema).map((name) => `${schema.source}: ${name}`));
    // Events only: no request and no reply contains it.
    const events = ['ksmbd: ksmbd-spnego-authen-request spnego-blob'];
    expect([...places.map(({ schema, name }) => `${schema.source}: ${name}`), ...events].sort()).to.deep.equal(declared.sort());
    expect(declared).to.include.members([
      'wireguard: wgdevice private-key',
      'wireguard: wgpeer preshared-key',
      'nl80211: nl80211-attrs key-data',
      'nl80211: nl80211-attrs pmk',
      'nl80211: nl80211-attrs sae-password',
      'nl80211: key data',
      'nl80211: rekey-data kek',
      'nl80211: rekey-data kck',
      'xfrm: xfrm-algo alg-key',
      'xfrm: xfrm-algo-auth alg-key',
      'xfrm: xfrm-algo-aead alg-key',
    ]);
  });

  for (const [number, place] of places.entries()) {
    const name = `${place.schema.source}: ${place.name}`;
    const secret = makeSecret(number, place.size);

    it(`do not occur in any text: ${name}`, () => {
      const { outputs } = lines.find((line) => line.name === name)!;
      expect(Object.keys(outputs).length).to.be.greaterThan(place.mode === 'reply' ? 2 : 20);
      for (const [output, text] of Object.entries(outputs)) {
        expect(text.length, output).to.be.greaterThan(5);
        expect(leaksOf(secret, text), `${output}\n${text}`).to.deep.equal([]);
      }
      expect(leaksOf(secret, stderr), 'NODE_DEBUG').to.deep.equal([]);
    });

    it(`are decoded when requested, and otherwise replaced by their length: ${name}`, () => {
      const codec = operationCodec(place.schema, place.op);
      const payload = codec.encode(place.request(valueOf(place, secret)), place.mode);
      const row = place.mode === 'reply' ? codec.decodePayload(payload) : codec.decodeRequest(payload, place.mode);
      expect(leaksOf(secret, stringify(row, { secrets: true }))).to.not.be.empty;
      const { outputs } = lines.find((line) => line.name === name)!;
      const size = place.type === 'u32' ? '<secret>' : `<secret, ${place.size} bytes>`;
      expect(outputs['decoded, compiled']).to.include(size);
      expect(outputs['decoded, closures']).to.equal(outputs['decoded, compiled']);
      if (place.mode === 'reply') return;
      expect(outputs['request without handler']).to.match(/request \d+: [\s\S]*<secret \d+/);
      for (const output of ['unexpected request', 'missing request', 'diagnostics_channel']) {
        // Bytes, or the decoded request if the fake kernel knows the message type.
        expect(outputs[output], output).to.match(/\*\* \*\* \*\* \*\*|<secret \d+, \d+ bytes>/);
      }
      expect(outputs['kernel error']).to.match(/KernelError: EINVAL/);
      expect(
        Object.entries(outputs)
          .filter(([output, text]) => output.startsWith('wrong value') && text === 'accepted')
          .map(([output]) => output),
      ).to.deep.equal(
        place.base64 || place.limited
          ? []
          : Object.keys(outputs).filter((output) => place.type === 'binary' && output === 'wrong value, three times as much'),
      );
    });
  }

  it('are printed as lengths and asterisks in the boxes of NODE_DEBUG', () => {
    expect(stderr).to.match(/RXNETLINK \d+: send get-device/);
    expect(stderr).to.match(/\|00036\|--\|00003\|\t\|len \|flags\| type\|\tprivateKey\n {0,20}\| \*\* \*\* \*\* \*\*  \|/);
    expect(stderr).to.match(/\| \*\* \*\* \*\* \*\*  \|\t\| echoed request \|/);
  });
});
