import { expect } from 'chai';
import type { NetworkDocument } from '../../../lib/network/documents/document.js';
import type { Flowtable } from '../../../lib/network/firewall/firewall.js';
import { network, type Network } from '../../../lib/network/network.js';
import { countWrites, failure, one } from '../../kernel/network/support.js';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { modules } from '../support.js';

const LINKS = ['d0', 'd1'].map((name) => ({ name, kind: 'dummy', up: true }) as const);

/** Returns a document of a flowtable, and of a rule that gives connections to it. */
const documentOf = (flowtable: Omit<Flowtable, 'name'>): NetworkDocument => ({
  version: 1,
  links: LINKS,
  firewall: {
    tables: [
      {
        family: 'inet',
        name: 'router',
        flowtables: [{ name: 'fast', ...flowtable }],
        chains: [
          {
            name: 'forward',
            type: 'filter',
            hook: 'forward',
            priority: 'filter',
            rules: [{ comment: 'fast', when: [{ 'meta.l4proto': ['tcp', 'udp'] }], then: { flow: { op: 'add', flowtable: '@fast' } } }],
          },
        ],
      },
    ],
  },
});

describe('flowtables of documents, on the wide kernel', () => {
  before(() => modules('dummy', 'nf_tables', 'nf_flow_table', 'nf_flow_table_inet', 'nft_flow_offload', 'nft_ct'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());

  const print = (where: Namespace = namespace()): string => where.run('nft', 'list', 'ruleset');

  it('are created with their links, changed in place or created again with their rules, and deleted', async () => {
    for (const [flowtable, expected, isInPlace] of [
      [{ devices: ['d0'] }, /flowtable fast {\s+hook ingress priority filter\s+devices = { d0 }\s+}/, false],
      [{ devices: ['d0', 'd1'] }, /devices = { d0, d1 }/, true],
      [{ devices: ['d1'] }, /devices = { d1 }/, true],
      [{ devices: ['d1'], priority: 5 }, /priority filter \+ 5\s+devices = { d1 }/, false],
      [{ devices: ['d1'], priority: 5, counter: true }, /devices = { d1 }\s+counter/, false],
    ] as const) {
      const document = documentOf(flowtable);
      const { differences } = await one(net.apply(document));
      const [first, ...others] = differences.map(({ text }) => text);
      if (isInPlace) expect([first?.slice(0, 38), others]).to.deep.equal(['~ flowtable inet router fast: devices ', []]);
      expect(print())
        .to.match(expected)
        .and.match(/flow add @fast comment "fast"/);
      expect((await one(net.plan(document))).text).to.equal('');
      expect(await countWrites(() => one(net.apply(document)))).to.equal(0);
    }
    await one(net.apply({ version: 1, firewall: { tables: [{ family: 'inet', name: 'router', absent: true }] } }));
    expect(print()).to.equal('');
  });

  it('are exported, and make an equal namespace', async () => {
    await one(net.apply(documentOf({ devices: ['d0', 'd1'], counter: true })));
    const document = await one(net.export());
    expect((await one(net.plan(document))).text).to.equal('');
    const other = createNamespace();
    using there = network({ netns: other.path });
    try {
      await one(there.apply(document));
      expect(print(other)).to.equal(print());
    } finally {
      other.delete();
    }
  });

  it('name a device that does not exist, and change nothing', async () => {
    const before = print();
    await failure(net.apply(documentOf({ devices: ['none'] })), 'missing');
    expect(print()).to.equal(before);
  });
});
