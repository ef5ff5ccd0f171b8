import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import sinon from 'sinon';
import { isNetworkError, network, type DocumentLink, type NetworkDocument } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';
import { OPERATIONS } from '../../../lib/testing/network/operations.js';

describe('network().plan: order', () => {
  const net = network(fakeNetwork().options);
  after(() => net.close());
  afterEach(() => {
    sinon.restore();
  });

  const lines = async (document: Omit<NetworkDocument, 'version'>): Promise<readonly string[]> =>
    (await firstValueFrom(net.plan({ version: 1, ...document }))).text.split('\n');

  it('creates a bond before its ports, and names its primary port after them', async () => {
    const links: readonly DocumentLink[] = [
      { name: 'p0', kind: 'dummy', master: 'bond0' },
      { name: 'bond0', kind: 'bond', bond: { mode: 'active-backup', primary: 'p0' } },
      { name: 'v0', kind: 'vlan', parent: 'bond0', vlan: { id: 10 } },
    ];
    const expected = ['+ link bond0', '+ link p0', '+ link v0', '~ link bond0: bond.primary none -> p0'];
    expect(await lines({ links })).to.deep.equal(expected);
    expect(await lines({ links: [...links].reverse() })).to.have.members(expected);
  });

  it('writes routes without a gateway before the others, whatever their order is', async () => {
    const routes = [
      { to: 'default', via: '10.1.0.9' },
      { to: '10.1.0.9/32', link: 'lo' },
      { to: '10.8.0.0/16', hops: [{ via: '10.1.0.9' }, { link: 'lo' }] },
      { to: '10.7.0.0/16', type: 'blackhole' as const },
    ];
    expect((await lines({ routes })).map((line) => line.split(' ').find((word) => /^(10|def)/.test(word)))).to.deep.equal([
      '10.1.0.9/32',
      '10.7.0.0/16',
      'default',
      '10.8.0.0/16',
    ]);
  });

  it('names the table that the kernel does not have', async () => {
    // A kernel before Linux 5.3.
    sinon.stub(OPERATIONS, 'dump getnexthop').value(undefined);
    const error: unknown = await lines({ nexthops: [{ id: 7, blackhole: true, family: 4 }] }).catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'unsupported')) throw error;
    expect([error.path, error.message]).to.deep.equal(['nexthops', 'cannot plan document: nexthops: this kernel has no nexthops']);
  });
});
