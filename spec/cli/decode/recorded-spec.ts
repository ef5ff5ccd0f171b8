import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect } from 'chai';
import { datagramsOf } from './decoded.js';
import type { DecodedMessage } from '../../../lib/cli/decode/message/decoded-message.js';
import { FamilyCatalog } from '../../../lib/cli/decode/message/family-catalog.js';
import { needsLittleEndian } from '../../support/host-order.js';
import { MessageDecoder } from '../../../lib/cli/decode/message/message-decoder.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/families', import.meta.url));

/** The attributes of the conversations that no descriptor has, each with the reason. */
const UNKNOWN: readonly string[] = [
  // Links that a vport creates, with kinds that the specification does not have (ovs_geneve): IFLA_INFO_DATA is 2.
  'rt-link newlink .linkinfo 2',
  // NL80211_MESHCONF_HOLDING_TIMEOUT and NL80211_MESHCONF_HT_OPMODE: 16 bits in the specification, and Linux 6.12 sends 32.
  'nl80211 get-mesh-config .meshConfig 3',
  'nl80211 get-mesh-config .meshConfig 22',
  // cangw sends the interfaces with each request; the kernel ignores them in a dump.
  'rt-cangw getroute  9',
  'rt-cangw getroute  10',
];

/** The requests of tools that no descriptor has, each with the reason. */
const UNNAMED: readonly string[] = [
  // DRBD_ADM_GET_INITIAL_STATE: its replies are notifications of four kinds. The lists of objects have the same properties.
  'drbd command 38',
];

/** Decodes each conversation with a decoder of its own, and without the families of the running kernel. */
async function decodeAll(): Promise<DecodedMessage[]> {
  const messages: DecodedMessage[] = [];
  for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.hex')) continue;
    const decoder = new MessageDecoder(new FamilyCatalog(() => Promise.resolve(new Map())));
    for (const datagram of await datagramsOf(join(FOLDER, name))) {
      await decoder.decode(datagram, (message) => messages.push(message));
    }
  }
  return messages;
}

describe('rxnetlink decode: recorded conversations of all families', () => {
  let messages: DecodedMessage[] = [];
  before(async function () {
    needsLittleEndian(this);
    // Loads every family: 5 s on an idle machine.
    this.timeout(120_000);
    messages = await decodeAll();
  });

  it('names every message', () => {
    expect(messages).to.have.length.above(5000);
    const unnamed = messages.filter(
      ({ kind, family, operation, payload }) =>
        kind === 'unknown' || payload !== undefined || (kind !== 'done' && (family === undefined || operation === undefined)),
    );
    expect(unnamed.map(({ family, operation }) => `${String(family)} ${String(operation)}`)).to.deep.equal(UNNAMED);
  });

  it('names every attribute except those of a list', () => {
    const unknown = messages.flatMap(({ family, operation, unknown: attributes = [] }) =>
      attributes.map(({ path, type }) => `${String(family)} ${String(operation)} ${path} ${String(type)}`),
    );
    expect([...new Set(unknown)].toSorted()).to.deep.equal(UNKNOWN.toSorted());
  });

  it('finds the request of every reply, ack and error', () => {
    // A reply of generic netlink has the same number for other things in requests: features-get-reply is features-set.
    const rings = messages.filter(({ family, kind }) => family === 'ethtool' && kind === 'reply');
    expect(rings.length).to.be.above(10);
    expect(rings.filter(({ operation }) => !/-(get|act)(-|$)/.test(operation ?? ''))).to.deep.equal([]);
  });
});
