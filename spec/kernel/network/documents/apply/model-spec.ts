import { expect } from 'chai';
import { network, type Network } from '../../../../../lib/network/network.js';
import { fuzzParameters } from '../../../../support/fuzz.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { isLong, rounds } from '../../../../support/rounds.js';
import { countWrites, one } from '../../support.js';
import { stateOf } from './model-state.js';
import { acceptedScenes, KINDS, QUEUE_FORMS, randomDocuments, ruleForms, type Coverage } from './model.js';

const TABLES = ['links', 'addresses', 'routes', 'rules', 'nexthops', 'neighbours', 'fdb', 'qdiscs', 'classes', 'filters'];

/** The actions that documents which follow each other need. */
const ACTIONS: readonly string[] = [
  ...TABLES.flatMap((table) => [`add ${table}`, `delete ${table}`]).filter((action) => action !== 'delete classes'),
  ...[
    'change links',
    'recreate links',
    'change routes',
    'change nexthops',
    'recreate qdiscs',
    'change firewall',
    'add firewall',
    'delete firewall',
  ],
];

describe('network().apply of random documents', function () {
  this.timeout(3_600_000);
  usePrograms('nft', 'tc', 'bridge');
  useNamespace();
  let namespace: Namespace;
  let net: Network;
  before(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
  });
  after(() => {
    net?.close();
    namespace?.delete();
  });

  it('makes the same of any state as of an empty namespace', async function () {
    const scenes = acceptedScenes();
    const forms = ruleForms(scenes);
    const coverage: Coverage = { kinds: new Set(), queues: new Set(), rules: new Set() };
    const actions = new Set<string>();
    let count = 0;
    for (const document of randomDocuments(fuzzParameters(rounds(16, 50)), scenes, coverage)) {
      const place = `document ${count++}: ${JSON.stringify(document)}`;
      const { differences } = await one(net.apply(document)).catch((error: unknown) => {
        throw new Error(place, { cause: error });
      });
      for (const { action, table } of differences) actions.add(`${action} ${table}`);
      const fresh = createNamespace();
      const other = network({ netns: fresh.path });
      try {
        await one(other.apply(document));
        const [found, expected] = [stateOf(namespace), stateOf(fresh)];
        for (const [part, entries] of Object.entries(expected)) {
          const more = found[part]!.filter((entry) => !entries.includes(entry));
          const lacking = entries.filter((entry) => !found[part]!.includes(entry));
          expect({ more, lacking }, `${part} of ${place}`).to.deep.equal({ more: [], lacking: [] });
        }
        expect(await countWrites(() => one(net.apply(document))), place).to.equal(0);
      } finally {
        other.close();
        fresh.delete();
      }
    }
    const lacking = {
      kinds: KINDS.filter((kind) => !coverage.kinds.has(kind)),
      queues: QUEUE_FORMS.filter((queue) => !coverage.queues.has(queue)),
      rules: forms.filter((rule) => !coverage.rules.has(rule)),
      actions: ACTIONS.filter((action) => !actions.has(action)),
    };
    const used = `${coverage.kinds.size} kinds of links, ${coverage.queues.size} queues, ${coverage.rules.size} of ${forms.length} rules`;
    process.stderr.write(`      ${count} documents with ${used}: ${[...actions].sort().join(', ')}\n`);
    const { actions: rare, ...unused } = lacking;
    if (isLong) expect(unused).to.deep.equal({ kinds: [], queues: [], rules: [] });
    // The generator makes each form in turn. Which actions follow from two documents is left to chance.
    if (count >= 500) expect(rare).to.deep.equal([]);
    this.test!.title += ` (${count} documents)`;
  });
});
