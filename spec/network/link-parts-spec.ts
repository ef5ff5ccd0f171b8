import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { isNetworkError, network, type Network } from '../../lib/network/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel, fakeNetwork } from '../../lib/testing/index.js';

/** A kernel in which the only link is deleted after it was read, and before its addresses are. */
function vanishing(): Network {
  const row = { ifiIndex: 7, ifname: 'eth7', ifiType: 1 };
  const link = fakeFamily(rtLinkSchema, { dump: { getlink: () => [row] }, do: { getlink: () => row } });
  const address = fakeFamily(rtAddrSchema, { dump: { getaddr: () => errorReply('ENODEV') } });
  return network({ transport: fakeKernel(fakeFamilies(link, address)) });
}

describe('parts of a link that is deleted while they are read', () => {
  it('make it missing', async () => {
    using net = vanishing();
    expect(await firstValueFrom(net.links.find('eth7', { with: 'addresses' }))).to.equal(undefined);
    expect(await firstValueFrom(net.links.list({ name: 'eth7', with: 'addresses' }))).to.deep.equal([]);
    const error: unknown = await firstValueFrom(net.links.get('eth7', { with: 'addresses' })).catch((reason: unknown) => reason);
    expect(isNetworkError(error, 'missing')).to.equal(true);
    expect(String(error)).to.contain('eth7');
  });
});

describe('links.addMany', () => {
  it('does not take the second reading of a generator for an empty input', async () => {
    using net = network(fakeNetwork().options);
    const many = net.links.addMany(
      (function* () {
        yield { name: 'br0', kind: 'bridge' } as const;
      })(),
    );
    expect(await firstValueFrom(many)).to.deep.equal({ written: 1, failed: [] });
    const error: unknown = await firstValueFrom(many).catch((reason: unknown) => reason);
    expect(isNetworkError(error, 'invalid')).to.equal(true);
  });
});
