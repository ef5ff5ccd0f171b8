import { expect } from 'chai';
import { from, lastValueFrom, toArray } from 'rxjs';
import { dropRepeats } from '../../lib/client/request/drop-repeats.js';
import { rtNeigh } from '../../lib/families/rt-neigh.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';
import { rtNeighSchema } from '../../lib/families/generated/rt-neigh.js';

describe('dropRepeats', () => {
  it('drops a row with the key of an earlier row, separately for each subscription', async () => {
    const rows = [{ name: 'a' }, { name: 'a', parms: { ifindex: 2 } }, { name: 'b' }, { name: 'a' }, { name: 'a', parms: { ifindex: 3 } }];
    const distinct = from(rows).pipe(dropRepeats<object>([['name'], ['parms', 'ifindex']]), toArray());
    for (const turn of [1, 2]) {
      expect(await lastValueFrom(distinct), `turn ${String(turn)}`).to.deep.equal([rows[0], rows[1], rows[2], rows[4]]);
    }
  });

  it('compares keys by their text, whatever their types', async () => {
    const rows = await lastValueFrom(from([{ id: 1n }, { id: 1 }, {}, { id: 2 }]).pipe(dropRepeats<object>([['id']]), toArray()));
    expect(rows).to.deep.equal([{ id: 1n }, {}, { id: 2 }]);
  });
});

describe('list() of neighbour tables', () => {
  const rows = [
    { name: 'arp_cache', config: { entries: 1 } },
    { name: 'arp_cache', parms: { ifindex: 2 } },
    { name: 'arp_cache', config: { entries: 1 } },
    { name: 'arp_cache', parms: { ifindex: 3 } },
    { name: 'ndisc_cache', config: { entries: 1 } },
  ];
  const family = fakeFamily(rtNeighSchema, { dump: { getneightbl: () => rows } });
  const names = (row: { readonly name?: string; readonly parms?: { readonly ifindex?: number } }) =>
    `${row.name ?? ''} ${row.parms?.ifindex ?? ''}`;

  it('emits the row of a table once, although the kernel sends it in every datagram', async () => {
    using client = rtNeigh({ transport: fakeKernel(fakeFamilies(family)) });
    const list = await lastValueFrom(client.list('getneightbl'));
    expect(list.map(names)).to.deep.equal(['arp_cache ', 'arp_cache 2', 'arp_cache 3', 'ndisc_cache ']);
  });

  it('emits it once also if the key is not picked', async () => {
    using client = rtNeigh({ transport: fakeKernel(fakeFamilies(family)) });
    const list = await lastValueFrom(client.list('getneightbl', {}, { pick: ['config'] }));
    expect(list).to.have.length(4);
    expect(list[1]).to.deep.equal({});
  });
});
