import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipBecause } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const PROGRAM = `
import { lastValueFrom } from 'rxjs';
import { rtLink } from './lib/families/rt-link.ts';
import { mptcpPm } from './lib/families/mptcp_pm.ts';
import { nftables } from './lib/families/nftables.ts';
const say = async (name, promise) => console.log(name + ': ' + (await promise.then((rows) => rows?.length, (error) => error.message)));
await say('links', lastValueFrom(rtLink().list('getlink')));
await say('link', lastValueFrom(rtLink().do('newlink', { ifname: 'never', linkinfo: { kind: 'bridge' } }, { create: true })));
await say('endpoint', lastValueFrom(mptcpPm().do('flush-addrs')));
await say('table', lastValueFrom(nftables().do('newtable', { nfgenFamily: 2, name: 'never' }, { create: true })));
`;

describe('families for who may not write', () => {
  it('are read all the same; what is refused says which capability it needs', function () {
    this.timeout(20_000);
    // A user namespace without a mapping has no capability over the network namespace that it stays in.
    const args = ['--user', process.execPath, '--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
    const { status, stdout, stderr } = spawnSync('unshare', args, { cwd: root, encoding: 'utf8' });
    if (/unshare: /.test(stderr)) skipBecause(this, 'no user namespace can be made here', stderr);
    expect(status, stderr).to.equal(0);
    const lines = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]),
    );
    expect(Number(lines['links'])).to.be.above(0);
    expect(lines['link']).to.equal("EPERM newlink: interface 'never', kind 'bridge' (needs CAP_NET_ADMIN in its namespace)");
    expect(lines['endpoint']).to.equal('EPERM flush-addrs (needs CAP_NET_ADMIN in its namespace)');
    expect(lines['table']).to.match(/^EPERM newtable \(needs CAP_NET_ADMIN in its namespace\)$/);
  });
});
