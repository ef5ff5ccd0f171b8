import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { isNetworkError, network, type Network, type NetworkDocument } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

describe('network().plan: the routing table of a VRF by its name', () => {
  let net: Network;
  beforeEach(() => void (net = network(fakeNetwork().options)));
  afterEach(() => net.close());

  const textOf = async (document: Omit<NetworkDocument, 'version'>): Promise<string> =>
    (await firstValueFrom(net.plan({ version: 1, ...document }))).text;
  const routes = [{ to: '10.0.0.0/8', type: 'blackhole', table: 'blue' }] as const;
  const vrf = { name: 'blue', kind: 'vrf', vrf: { table: 77 } } as const;

  it('is that of a link of the document', async () => {
    expect(await textOf({ links: [vrf], routes })).to.equal('+ link blue\n+ route blackhole 10.0.0.0/8 table 77');
  });

  it('is that of a link of the kernel', async () => {
    await firstValueFrom(net.links.add(vrf));
    expect(await textOf({ routes })).to.equal('+ route blackhole 10.0.0.0/8 table 77');
    await firstValueFrom(net.routes.add({ to: '10.0.0.0/8', type: 'blackhole', table: 77 }));
    expect(await textOf({ routes })).to.equal('');
  });

  it('is that of a link of the kernel, among the tables that the document owns', async () => {
    await firstValueFrom(net.links.add(vrf));
    for (const table of [77, 'main']) await firstValueFrom(net.routes.add({ to: '10.1.0.0/16', type: 'blackhole', table, protocol: 99 }));
    const owns = { protocol: 99, tables: ['blue'] };
    expect(await textOf({ routes: [], owns })).to.equal('- route blackhole 10.1.0.0/16 table 77');
    expect(await textOf({ routes, owns: { protocol: 99 } })).to.equal(
      '+ route blackhole 10.0.0.0/8 table 77\n- route blackhole 10.1.0.0/16 table 77\n- route blackhole 10.1.0.0/16',
    );
    const error: unknown = await textOf({ routes: [], owns: { protocol: 99, tables: ['main', 'red'] } }).catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'unknown-name')) throw error;
    expect([error.path, error.message]).to.deep.equal([
      'owns.tables[1]',
      "cannot plan document: owns.tables[1]: no routing table is named 'red'",
    ]);
  });

  it('is an error without such a link', async () => {
    const error: unknown = await textOf({ routes }).catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'unknown-name')) throw error;
    expect([error.path, error.message]).to.deep.equal([
      'routes[0].table',
      "cannot plan document: routes[0].table: no routing table is named 'blue'",
    ]);
  });
});
