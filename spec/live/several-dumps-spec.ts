import { expect } from 'chai';
import { filter, firstValueFrom, map } from 'rxjs';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { tc, tcSchema } from '../../lib/families/tc.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

const QDISC = { kind: 'clsact', handle: 0xffff_0000, parent: 0xffff_fff1, info: 1 } as const;

describe('a live collection that several dumps read', () => {
  it('has the rows of all dumps when one of them is interrupted each time', async () => {
    const dumped: string[] = [];
    const family = fakeFamily(tcSchema, {
      dump: {
        getqdisc: () => [2, 3].map((ifindex) => ({ ...QDISC, ifindex })),
        gettfilter: ({ ifindex = 0, parent = 0 }) => {
          dumped.push(`${String(ifindex)} ${parent.toString(16)}`);
          if (ifindex === 2) kernel.interruptDump();
          return [{ ifindex, parent, handle: 1, info: 0x1_0008, kind: 'bpf' as const }];
        },
      },
    });
    const kernel = fakeKernel(fakeFamilies(family, fakeFamily(rtLinkSchema, { dump: { getlink: () => [] }, do: { getlink: () => ({}) } })));
    const client = tc({ transport: kernel });
    const entries = await firstValueFrom(
      client.watch('gettfilter').pipe(
        filter((change) => change.type === 'synced'),
        map((change) => change.entries.map(({ ifindex, parent }) => `${String(ifindex)} ${parent.toString(16)}`)),
      ),
    );
    client.close();
    const all = ['2 fffffff2', '2 fffffff3', '3 fffffff2', '3 fffffff3'];
    expect(entries).to.deep.equal(all);
    // Four interrupted readings are merged.
    expect(dumped).to.deep.equal([...all, ...all, ...all, ...all]);
  });
});
