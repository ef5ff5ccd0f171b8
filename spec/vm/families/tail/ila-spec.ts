import { expect } from 'chai';
import { ila } from '../../../../lib/families/ila.js';
import { last, modules, run } from '../../support.js';

describe('ila on the wide kernel', () => {
  it('writes, reads, deletes and flushes mappings, as ip ila shows them', async () => {
    modules('ila', 'dummy');
    run('ip link add vmila type dummy');
    const { ifindex } = (JSON.parse(run('ip -j link show vmila')) as { ifindex: number }[])[0]!;
    using client = ila();
    try {
      const one = {
        locatorMatch: 0x0001_0002_0003_0004n,
        locator: 0x0005_0006_0007_0008n,
        csumMode: 'no-action',
        identType: 'luid',
      } as const;
      await last(client.do('add', { ...one, ifindex }));
      // ip writes colours and columns without blanks.
      const shown = run('ip -color=never ila list').replaceAll(/\s+/g, ' ').trim();
      expect(shown).to.match(/^1:2:3:4 5:6:7:8 vmila ?no-action ?luid$/);
      run('ip ila add loc_match 9:a:b:c loc d:e:f:10 csum-mode neutral-map ident-type luid');
      const other = { locatorMatch: 0x0009_000a_000b_000cn, locator: 0x000d_000e_000f_0010n, csumMode: 'neutral-map', identType: 'luid' };
      expect(await last(client.list('get'))).to.have.deep.members([
        { ...one, ifindex },
        { ...other, ifindex: 0 },
      ]);
      expect(await last(client.do('get', { locatorMatch: one.locatorMatch, ifindex }))).to.deep.equal({ ...one, ifindex });
      await last(client.do('del', { locatorMatch: one.locatorMatch, ifindex }));
      expect((await last(client.list('get'))).map(({ locator }) => locator)).to.deep.equal([other.locator]);
      await last(client.do('flush'));
      expect(run('ip ila list').trim()).to.equal('');
    } finally {
      await last(client.do('flush'));
      run('ip link del vmila');
    }
  });
});
