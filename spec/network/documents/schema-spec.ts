import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { NetworkDocument } from '../../../lib/network/documents/document.js';
import { parseDocument } from '../../../lib/network/documents/parse/parse-document.js';
import { REFERENCE_FILE, referenceText } from '../../../scripts/schema/reference.mjs';
import { SCHEMA_FILE, schemaText } from '../../../scripts/schema/write-schema.mjs';
import { needsMoreThanEmulator } from '../../support/emulator.js';

/** Documents that use each part of the form. */
const RIGHT: readonly NetworkDocument[] = [
  { version: 1 },
  { $schema: './network-document.json', version: 1, namespaces: { blue: { $schema: './network-document.json', version: 1 } } },
  {
    version: 1,
    links: [
      { name: 'br0', kind: 'bridge', up: true, bridge: { stp: false, ageing: '5m', multicastRouter: 'learn' }, addresses: ['10.0.0.1/24'] },
      { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns: 'blue', up: true } }, master: 'br0', bridgePort: { hairpin: true } },
      { name: 'lan0', match: { mac: '02:00:00:00:00:01' }, mtu: 9000, alias: null, altnames: ['uplink'] },
      { name: 'old0', absent: true },
      { name: 'x0', kind: 'something', options: { any: [1, 'word'] } },
      {
        name: 'eth0',
        addresses: [{ address: '10.0.0.5/24', valid: '1h', preferred: null, label: 'eth0:1' }],
        neighbours: [{ address: '10.0.0.9', mac: '02:00:00:00:00:09', state: 'permanent' }],
        fdb: [{ mac: '02:00:00:00:00:07', on: 'bridge', state: 'static' }],
        clsact: { ingress: [{ kind: 'flower', priority: 1, match: { 'ip.dst': '10.0.0.0/8', 'tcp.dport': '80-90' }, actions: ['drop'] }] },
        qdisc: {
          kind: 'htb',
          handle: '1:',
          htb: { defaultClass: '1:30' },
          classes: [
            { handle: '1:30', kind: 'htb', htb: { rate: '10mbit', burst: '20kib' }, qdisc: { kind: 'netem', netem: { loss: '1%' } } },
          ],
          filters: [{ kind: 'u32', priority: 1, to: '1:30', actions: [{ kind: 'police', rate: '1mbit', burst: '10kib' }] }],
        },
      },
      { name: 'eth1', qdisc: null, clsact: null },
    ],
    routes: [
      { to: 'default', via: '10.0.0.254', takeOver: true },
      { to: '10.5.0.0/16', hops: [{ via: '10.0.0.1', weight: 2 }, { via: '10.0.0.2' }], mtu: 1400, table: 'main' },
      { to: '10.6.0.0/16', absent: true },
    ],
    rules: [{ priority: 100, from: '10.0.0.0/8', table: 100 }],
    nexthops: [
      { id: 1, via: '10.0.0.1', link: 'eth0' },
      { id: 2, group: [{ id: 1, weight: 3 }] },
    ],
    owns: { protocol: 99, tables: ['main', 100], links: { group: 42 } },
    firewall: {
      tables: [
        { family: 'ip', name: 'old', absent: true },
        {
          family: 'inet',
          name: 'app',
          chains: [
            {
              name: 'in',
              type: 'filter',
              hook: 'input',
              priority: 'filter + 5',
              policy: 'drop',
              rules: [
                { comment: 'ssh', when: [{ 'tcp.dport': 22 }, { 'ip.saddr': '@admins' }], then: ['counter', 'accept'] },
                { when: [{ 'ip.daddr': { not: ['10.0.0.0/8', '192.0.2.1'] } }], then: { jump: { target: 'more' } } },
              ],
            },
            { name: 'more' },
          ],
          sets: [
            { name: 'admins', type: 'ipv4_addr', flags: ['interval'], elements: ['10.0.0.7', { value: '10.1.0.0/16', comment: 'lab' }] },
          ],
        },
      ],
    },
    namespaces: { blue: { version: 1, links: [{ name: 'v1', up: true }] }, red: null },
  },
];

/** Documents that are not valid, each for one reason. */
const WRONG: readonly (readonly [reason: string, document: unknown])[] = [
  ['no version', {}],
  ['another version', { version: 2 }],
  ['an unknown property', { version: 1, link: [] }],
  ['a link without a name', { version: 1, links: [{ up: true }] }],
  ['an unknown property of a link', { version: 1, links: [{ name: 'v0', mtuu: 5 }] }],
  ['the options of another kind', { version: 1, links: [{ name: 'v0', kind: 'bridge', vxlan: { id: 5 } }] }],
  ['options without a kind', { version: 1, links: [{ name: 'v0', bridge: { stp: true } }] }],
  ['an unknown option', { version: 1, links: [{ name: 'v0', kind: 'bridge', bridge: { stpp: true } }] }],
  ['properties beside absent', { version: 1, links: [{ name: 'v0', absent: true, mtu: 1500 }] }],
  ['absent: false', { version: 1, links: [{ name: 'v0', absent: false }] }],
  ['null for a number', { version: 1, links: [{ name: 'v0', mtu: null }] }],
  ['a unit with two meanings', { version: 1, links: [{ name: 'v0', qdisc: { kind: 'tbf', tbf: { rate: '1mbps', burst: '10kib' } } }] }],
  ['a share without a sign', { version: 1, links: [{ name: 'v0', qdisc: { kind: 'netem', netem: { loss: 1 } } }] }],
  ['a filter without a priority', { version: 1, links: [{ name: 'v0', clsact: { ingress: [{ kind: 'u32' }] } }] }],
  ['a route without a destination', { version: 1, routes: [{ via: '10.0.0.1' }] }],
  ['an unknown family of a table', { version: 1, firewall: { tables: [{ family: 'ipv4', name: 'app' }] } }],
  [
    'an unknown property of a chain',
    { version: 1, firewall: { tables: [{ family: 'ip', name: 'app', chains: [{ name: 'c', hok: 1 }] }] } },
  ],
  ['a namespace that is a list', { version: 1, namespaces: { blue: [] } }],
];

describe('the JSON Schema of documents', function () {
  // The compiler reads all types of the layer.
  this.timeout(120_000);
  const text = readFileSync(new URL(`../../../${SCHEMA_FILE}`, import.meta.url), 'utf8');
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(text) as object);

  it('is current', function () {
    needsMoreThanEmulator(this, 'runs compiled specs, without the sources that the compiler reads');
    expect(schemaText() === text, 'run npm run schema').to.equal(true);
  });

  it('is described property by property in the documentation', async () => {
    const reference = readFileSync(new URL(`../../../${REFERENCE_FILE}`, import.meta.url), 'utf8');
    expect((await referenceText(JSON.parse(text) as object)) === reference, 'run npm run schema').to.equal(true);
    expect(reference).to.contain('\n- `ageing` ([Time](#time)): ');
  });

  for (const [index, document] of RIGHT.entries())
    it(`accepts document ${index}, as parseDocument does`, () => {
      expect(parseDocument(document)).to.equal(document);
      validate(document);
      expect(validate.errors).to.equal(null);
    });

  for (const [reason, document] of WRONG)
    it(`refuses ${reason}, as parseDocument does`, () => {
      expect(() => parseDocument(document)).to.throw();
      expect(validate(document)).to.equal(false);
    });
});
