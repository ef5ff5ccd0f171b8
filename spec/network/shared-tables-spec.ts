import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLink, rtLinkSchema } from '../../lib/families/rt-link.js';
import { SharedTables } from '../../lib/network/live/shared-tables.js';
import { network } from '../../lib/network/network.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

describe('SharedTables', () => {
  it('ends all subscribers with an error, and starts anew with the next one', async () => {
    let dumps = 0;
    const link = fakeFamily(rtLinkSchema, { dump: { getlink: () => [{ ifiIndex: 7, ifname: 'eth7' }] }, do: { getlink: () => ({}) } });
    const address = fakeFamily(rtAddrSchema, { dump: { getaddr: () => (++dumps === 1 ? errorReply('EPERM') : []) } });
    using net = network({ transport: fakeKernel(fakeFamilies(link, address)) });
    const failed: string[] = [];
    await new Promise<void>((resolve) => {
      const observer = (name: string) => ({
        error: () => {
          if (failed.push(name) === 2) resolve();
        },
      });
      net.addresses.watch().subscribe(observer('watch'));
      net.view({ addresses: true }).subscribe(observer('view'));
    });
    expect([failed, dumps]).to.deep.equal([['watch', 'view'], 1]);
    expect((await firstValueFrom(net.view({ addresses: true }))).addresses.size).to.equal(0);
    expect(dumps).to.equal(2);
  });

  it('keeps nothing of a table without subscribers', async () => {
    let dumps = 0;
    const link = fakeFamily(rtLinkSchema, { dump: { getlink: () => (dumps++, []) }, do: { getlink: () => ({}) } });
    const tables = new SharedTables(rtLink({ transport: fakeKernel(fakeFamilies(link)) }).tableOf('getlink'));
    const seen: unknown[] = [];
    const watch = () => tables.watch([]).subscribe((change) => seen.push(change.type));
    const [first, second] = [watch(), watch()];
    await until(() => seen.length === 2);
    first.unsubscribe();
    expect(tables.names).to.not.equal(undefined);
    second.unsubscribe();
    expect(tables.names).to.equal(undefined);
    // The next subscriber reads the table again.
    watch();
    await until(() => seen.length === 3);
    expect(dumps).to.equal(2);
  });
});
