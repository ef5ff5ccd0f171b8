import { expect } from 'chai';
import { isApplyError } from '../../../../../lib/network/index.js';
import { createNamespace, type Namespace } from '../../../../support/namespace.js';
import { network } from '../../../../../lib/network/index.js';
import { one } from '../../support.js';

/** A route that the kernel rejects after the links have been changed. */
const FAILING = [{ to: '203.0.113.0/24', via: '203.0.113.1' }];

describe('network().apply after a failure: what the kernel derives from other links', () => {
  let namespace: Namespace;
  before(() => {
    namespace = createNamespace();
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link add br0 type bridge',
      'link set v1 master br0',
      'link set v0 up',
      'addr add fd01::1/64 dev v0 nodad',
    ]);
  });
  after(() => {
    namespace.delete();
  });

  for (const [name, change] of [
    ['v0', { mtu: 1350 }],
    // IPv6 needs 1280: the link loses it, and with it the settings of IPv6.
    ['v0', { mtu: 1200 }],
    ['v0', { mac: '02:00:00:00:00:77' }],
    ['br0', { mtu: 1300 }],
    ['br0', { mac: '02:00:00:00:00:78' }],
  ] as const)
    it(`takes back ${Object.entries(change)[0]!.join(' ')} of ${name} if the document changes nothing else`, async () => {
      using net = network({ netns: namespace.path });
      const state = (): unknown => JSON.parse(namespace.ip('-j addr'));
      const before = state();
      const error: unknown = await one(net.apply({ version: 1, links: [{ name, ...change }], routes: FAILING })).catch(
        (reason: unknown) => reason,
      );
      if (!isApplyError(error)) throw error;
      expect(state()).to.deep.equal(before);
      expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
    });
});
