import { expect } from 'chai';
import { defer, NEVER } from 'rxjs';
import { isApplyError, network } from '../../../../../lib/network/index.js';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { createNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { one, shown } from '../../support.js';

/** Entries of each kind: `permanent` entries of a bridge itself have the bridge as their master, those of a device have none. */
const SCENE = [
  '02:00:00:00:00:07 dev br0 self permanent',
  '02:00:00:00:00:08 dev v0 self permanent',
  '02:00:00:00:00:09 dev v0 master static sticky',
] as const;

const CASES: Readonly<Record<string, NonNullable<NetworkDocument['links']>>> = {
  'a bridge': [{ name: 'br0', fdb: [{ mac: '02:00:00:00:00:0a', on: 'device' }] }],
  'a port in the table of its bridge': [{ name: 'v0', fdb: [{ mac: '02:00:00:00:00:0b', sticky: true }] }],
  'a port in its own table': [{ name: 'v0', fdb: [{ mac: '02:00:00:00:00:0c', on: 'device' }] }],
};

describe('network().apply after a failure: forwarding entries', () => {
  usePrograms('bridge');
  let namespace: Namespace;
  beforeEach(() => {
    namespace = createNamespace();
    namespace.batch(['link add br0 type bridge', 'link add v0 type veth peer name v1', 'link set v0 master br0']);
    for (const entry of SCENE) namespace.run('bridge', 'fdb', 'add', ...entry.split(' '));
  });
  afterEach(() => namespace.delete());

  const entries = (): readonly string[] =>
    shown<object>(namespace, 'bridge -d -j fdb show')
      .map((entry) => JSON.stringify(entry))
      .sort();

  for (const [title, links] of Object.entries(CASES))
    it(`takes back the entries of ${title}`, async () => {
      using net = network({ netns: namespace.path });
      const before = entries();
      let during: readonly string[] = [];
      const by = defer(() => {
        during = entries();
        return NEVER;
      });
      const error: unknown = await one(net.apply({ version: 1, links }, { confirm: { within: 1, by } })).catch((reason: unknown) => reason);
      if (!isApplyError(error)) throw error;
      expect(entries()).to.deep.equal(before);
      expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
      expect(during).to.not.deep.equal(before);
    });

  for (const entry of SCENE)
    it(`adds ${entry} again at a rollback`, async () => {
      using net = network({ netns: namespace.path });
      const before = entries();
      const checkpoint = await one(net.checkpoint());
      namespace.run('bridge', 'fdb', 'del', ...entry.split(' ').slice(0, 4));
      expect(entries()).to.not.deep.equal(before);
      expect(await one(checkpoint.rollback())).to.deep.equal([]);
      expect(entries()).to.deep.equal(before);
    });
});
