import { expect } from 'chai';
import { lockd } from '../../../lib/families/lockd.js';
import { peek } from '../simulated.js';
import { last } from '../support.js';
import { requireFamily } from './require-family.js';

/** The lock manager's files, an interface older than netlink, which show the same values. */
const FILES = '/proc/sys/fs/nfs';

describe('lockd on a wide kernel', () => {
  before(async function () {
    await requireFamily(this, 'lockd');
  });

  it('writes values as the files show them, and reads them back', async () => {
    using client = lockd();
    const before = await last(client.do('server-get'));
    const values = { gracetime: 47, tcpPort: 32_803, udpPort: 32_769 };
    try {
      await last(client.do('server-set', values));
      const shown = ['nlm_grace_period', 'nlm_tcpport', 'nlm_udpport'].map((name) => peek(`${FILES}/${name}`));
      expect(shown).to.deep.equal(['47', '32803', '32769']);
      expect(await last(client.do('server-get'))).to.deep.equal(values);
    } finally {
      await last(client.do('server-set', before));
    }
    expect(peek(`${FILES}/nlm_grace_period`)).to.equal(String(before.gracetime));
  });
});
