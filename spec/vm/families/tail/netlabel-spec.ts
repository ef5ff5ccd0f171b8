import { expect } from 'chai';
import { nlblCalipso } from '../../../../lib/families/nlbl_calipso.js';
import { nlblCipsov4 } from '../../../../lib/families/nlbl_cipsov4.js';
import { nlblMgmt } from '../../../../lib/families/nlbl_mgmt.js';
import { nlblUnlbl } from '../../../../lib/families/nlbl_unlbl.js';
import type { KernelError } from '../../../../lib/index.js';
import { requirePrograms } from '../../../support/programs.js';
import { last, run } from '../../support.js';

/** Returns the words of netlabelctl's output without its padding. */
const list = (line: string): string => run(`netlabelctl ${line}`).trim();

describe('NetLabel on the wide kernel', () => {
  const [cipso, calipso, mgmt, unlbl] = [nlblCipsov4(), nlblCalipso(), nlblMgmt(), nlblUnlbl()] as const;

  before(() => {
    requirePrograms('netlabelctl');
  });
  after(() => {
    for (const client of [cipso, calipso, mgmt, unlbl]) client.close();
  });

  it('creates domains of interpretation of CIPSO, which netlabelctl lists, and reads its own', async () => {
    await last(cipso.do('add', { doi: 8, mtype: 'pass', taglst: { tag: [1, 2] } }));
    const translated = {
      mtype: 'trans',
      taglst: { tag: [1] },
      mlslvllst: { mlslvl: [0, 2].map((level) => ({ mlslvlloc: level, mlslvlrem: level + 1 })) },
      mlscatlst: { mlscat: [{ mlscatloc: 4, mlscatrem: 5 }] },
    } as const;
    await last(cipso.do('add', { doi: 9, ...translated }));
    expect(list('cipsov4 list')).to.equal('8,PASS_THROUGH 9,TRANSLATED');
    expect(
      list('-p cipsov4 list doi:9')
        .split('\n')
        .map((line) => line.trim()),
    ).to.deep.equal([
      'Configured CIPSO mapping (DOI = 9)',
      ...['tags (1):', 'RESTRICTED BITMAP', 'levels (2):', '0 = 1', '2 = 3', 'categories (1):', '4 = 5'],
    ]);
    run('netlabelctl cipsov4 add local doi:10');
    expect(await last(cipso.list('listall'))).to.deep.equal([
      { doi: 8, mtype: 'pass' },
      { doi: 9, mtype: 'trans' },
      { doi: 10, mtype: 'local' },
    ]);
    expect(await last(cipso.do('list', { doi: 9 }))).to.deep.equal(translated);
    for (const doi of [9, 10]) await last(cipso.do('remove', { doi }));
    expect(list('cipsov4 list')).to.equal('8,PASS_THROUGH');
    const error = (await last(cipso.do('remove', { doi: 9 })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENOENT remove: CIPSO DOI 9/);
  });

  it('creates and deletes domains of interpretation of CALIPSO', async () => {
    await last(calipso.do('add', { doi: 7, mtype: 'pass' }));
    expect(list('calipso list')).to.equal('7,PASS_THROUGH');
    expect(await last(calipso.do('list', { doi: 7 }))).to.deep.equal({ mtype: 'pass' });
    expect(await last(calipso.list('listall'))).to.deep.equal([{ doi: 7, mtype: 'pass' }]);
    await last(calipso.do('remove', { doi: 7 }));
    expect(list('calipso list')).to.equal('');
  });

  it('lists all mappings of domains, although the kernel counts them in the sequence number', async () => {
    await last(mgmt.do('add', { domain: 'one', protocol: 'cipsov4', cv4doi: 8 }));
    await last(mgmt.do('add', { domain: 'two', protocol: 'cipsov4', cv4doi: 8, ipv4addr: '10.0.0.0', ipv4mask: '255.0.0.0' }));
    run('netlabelctl map add domain:two address:10.77.0.0/16 protocol:unlbl');
    await last(mgmt.do('add', { domain: 'three', protocol: 'unlabeled', ipv6addr: 'fd00::', ipv6mask: 'ffff::' }));
    const rows = (await last(mgmt.list('listall'))).toSorted((row, other) => (row.domain ?? '').localeCompare(other.domain ?? ''));
    const [v4, v6] = [2, 10];
    expect(rows).to.deep.equal([
      { domain: 'one', family: v4, protocol: 'cipsov4', cv4doi: 8 },
      {
        ...{ domain: 'three', family: v6 },
        selectorlist: { addrselector: [{ ipv6addr: 'fd00::', ipv6mask: 'ffff::', protocol: 'unlabeled' }] },
      },
      {
        ...{ domain: 'two', family: v4 },
        selectorlist: {
          addrselector: [
            { ipv4addr: '10.77.0.0', ipv4mask: '255.255.0.0', protocol: 'unlabeled' },
            { ipv4addr: '10.0.0.0', ipv4mask: '255.0.0.0', protocol: 'cipsov4', cv4doi: 8 },
          ],
        },
      },
    ]);
    expect(list('map list')).to.include('domain:"two",address:10.77.0.0/16,protocol:UNLABELED,address:10.0.0.0/8,protocol:CIPSOv4,8');
    for (const domain of ['one', 'two', 'three']) await last(mgmt.do('remove', { domain }));
    expect(list('map list')).to.equal('domain:DEFAULT,UNLABELED');
    await last(cipso.do('remove', { doi: 8 }));
  });

  it('changes and reads the default mapping, the version and the protocols', async () => {
    await last(mgmt.do('removedef'));
    expect(list('map list')).to.equal('');
    await last(mgmt.do('adddef', { protocol: 'unlabeled' }));
    expect(await last(mgmt.do('listdef', { family: 2 }))).to.deep.equal({ family: 2, protocol: 'unlabeled' });
    expect(await last(mgmt.do('version'))).to.deep.equal({ version: Number(list('mgmt version')) });
    const protocols = await last(mgmt.list('protocols'));
    expect(protocols.map(({ protocol }) => protocol)).to.deep.equal(['unlabeled', 'cipsov4', 'calipso']);
    expect(list('mgmt protocols')).to.equal('UNLABELED,CIPSOv4,CALIPSO');
  });

  it('changes whether the kernel accepts packets without a label', async () => {
    await last(unlbl.do('accept', { acptflg: 0 }));
    expect(list('unlbl list')).to.equal('accept:off');
    run('netlabelctl unlbl accept on');
    expect(await last(unlbl.do('list'))).to.deep.equal({ acptflg: 1 });
  });

  it('labels packets by interface and address', async function () {
    const entry = (ipv4addr: string, ipv4mask: string) => ({ ipv4addr, ipv4mask, secctx: 'unconfined' });
    const lo = [entry('127.0.0.0', '255.255.0.0'), entry('127.0.0.0', '255.0.0.0')].map((row) => ({ ...row, iface: 'lo' }));
    for (const row of lo) await last(unlbl.do('staticadd', row));
    run('netlabelctl unlbl add default address:10.0.0.0/16 label:unconfined');
    await last(unlbl.do('staticadddef', { ipv6addr: 'fd00::', ipv6mask: 'ffff::', secctx: 'unconfined' }));
    expect(await last(unlbl.list('staticlist'))).to.deep.equal(lo);
    expect(await last(unlbl.list('staticlistdef'))).to.deep.equal([
      entry('10.0.0.0', '255.255.0.0'),
      { ipv6addr: 'fd00::', ipv6mask: 'ffff::', secctx: 'unconfined' },
    ]);
    // AppArmor ends a label without NUL, so netlabelctl prints more than it.
    expect(run('netlabelctl unlbl list').match(/interface:(?:lo|DEFAULT),address:[^,]*/g)).to.deep.equal([
      ...['interface:lo,address:127.0.0.0/16', 'interface:lo,address:127.0.0.0/8'],
      ...['interface:DEFAULT,address:10.0.0.0/16', 'interface:DEFAULT,address:fd00::/16'],
    ]);
    for (const { iface, ipv4addr, ipv4mask } of lo) await last(unlbl.do('staticremove', { iface, ipv4addr, ipv4mask }));
    await last(unlbl.do('staticremovedef', { ipv4addr: '10.0.0.0', ipv4mask: '255.255.0.0' }));
    run('netlabelctl unlbl del default address:fd00::/16');
    expect(await last(unlbl.list('staticlistdef'))).to.deep.equal([]);
    expect(list('unlbl list')).to.equal('accept:on');
  });
});
