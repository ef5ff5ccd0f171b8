import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipBecause } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const PROGRAM = `
import { lastValueFrom } from 'rxjs';
import { rtLink } from './lib/families/rt-link.ts';
import { mptcpPm } from './lib/families/mptcp_pm.ts';
import { ethtool } from './lib/families/ethtool.ts';
import { conntrack } from './lib/families/conntrack.ts';
import { nftables } from './lib/families/nftables.ts';
const print = async (name, promise) => console.log(name + ': ' + (await promise.then((rows) => rows?.length, (error) => error.message)));
await print('links', lastValueFrom(rtLink().list('getlink')));
await print('link', lastValueFrom(rtLink().do('newlink', { ifname: 'never', linkinfo: { kind: 'bridge' } }, { create: true })));
await print('endpoint', lastValueFrom(mptcpPm().do('flush-addrs')));
await print('table', lastValueFrom(nftables().do('newtable', { nfgenFamily: 2, name: 'never' }, { create: true })));
await print('rings', lastValueFrom(ethtool().do('rings-set', { header: { devName: 'lo' }, rx: 1 })));
await print('group', lastValueFrom(conntrack().notifications('nfnlgrp-conntrack-new')));
`;

describe('families without the permission to write', () => {
  it('list rows, and name the missing capability when a write fails', function () {
    this.timeout(20_000);
    // A user namespace without a mapping has no capability over the network namespace that it stays in.
    const args = ['--user', process.execPath, '--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
    const { status, stdout, stderr } = spawnSync('unshare', args, { cwd: root, encoding: 'utf8' });
    if (/unshare: /.test(stderr)) skipBecause(this, 'no user namespace can be made', stderr);
    expect(status, stderr).to.equal(0);
    const lines = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]),
    );
    expect(Number(lines['links'])).to.be.above(0);
    expect(lines['link']).to.equal("EPERM newlink: interface 'never', kind 'bridge' (needs CAP_NET_ADMIN in its namespace)");
    const hasMptcp = !/^ENOENT getfamily/.test(lines['endpoint']!);
    if (hasMptcp) expect(lines['endpoint']).to.equal('EPERM flush-addrs (needs CAP_NET_ADMIN in its namespace)');
    expect(lines['table']).to.match(/^EPERM newtable \(needs CAP_NET_ADMIN in its namespace\)$/);
    expect(lines['rings']).to.match(/^EPERM rings-set: interface 'lo' \(needs CAP_NET_ADMIN in its namespace\)$/);
    expect(lines['group']).to.match(/^EPERM joinGroup: conntrack: group nfnlgrp-conntrack-new \(1\): joining it needs a capability/);
  });
});
