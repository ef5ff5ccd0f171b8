import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { network } from '../../../../lib/network/index.js';
import { useNamespace } from '../../../support/namespace.js';
import { requirePrograms } from '../../../support/programs.js';

describe('firewall: list', function () {
  this.timeout(60_000);
  const namespace = useNamespace();

  it('lists the tables that stay while another program adds and deletes one', async () => {
    requirePrograms('nft');
    namespace().run('nft', 'add table inet stays; add set inet stays s { type ipv4_addr; }');
    const changes =
      'while :; do nft "add table ip probe; add set ip probe s { type ipv4_addr; }"; nft delete table ip probe; sleep 0.02; done';
    const program = namespace().start('sh', '-c', changes);
    using net = network({ netns: namespace().path });
    try {
      for (let round = 0; round < 400; round++) {
        const names = (await lastValueFrom(net.firewall.list())).map(({ name }) => name);
        expect(names.filter((name) => name !== 'probe')).to.deep.equal(['stays']);
      }
    } finally {
      program.kill('SIGKILL');
    }
  });
});
