import { expect } from 'chai';
import { nftables } from '../../../lib/families/nftables.js';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

describe('live collections of nftables', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();
  const nft = (line: string): string => namespace().run('nft', ...line.split(' '));

  it('rename the chain of rules when a chain is renamed, for which the kernel sends no rule events', async function () {
    try {
      run('nsenter', [`--net=${namespace().path}`, '--', 'nft', 'add table ip t; add chain ip t old; add rule ip t old accept']);
    } catch (error) {
      skipBecause(this, 'nft cannot load the rules', error);
    }
    const client = closing(nftables({ netns: namespace().path }));
    const rules = watch(client.watch('getrule'));
    const chains = watch(client.watch('getchain'));
    await rules.has('the rule', (rows) => rows.length === 1 && rows[0]?.chain === 'old');
    await chains.has('the chain', (rows) => rows[0]?.name === 'old');
    const [from, since] = [rules.changes.length, chains.changes.length];
    nft('rename chain ip t old new');
    expect(nft('list chain ip t new')).to.include('accept');
    await chains.has('the new name', (rows) => rows.length === 1 && rows[0]?.name === 'new');
    await rules.has('the new name', (rows) => rows.length === 1 && rows[0]?.chain === 'new');
    for (const [changes, property] of [
      [rules.since(from), 'chain'],
      [chains.since(since), 'name'],
    ] as const) {
      expect(changes.map((change) => [change.type, 'properties' in change && change.properties])).to.deep.equal([['changed', [property]]]);
    }
  });
});
