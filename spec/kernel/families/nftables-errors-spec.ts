import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { NfProtocol, nftables, type NftablesFamily } from '../../../lib/families/nftables.js';
import type { FamilyClient, FamilyOperation } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';

type Operation = FamilyOperation<NftablesFamily>;

const TABLE: Operation = { op: 'newtable', request: { nfgenFamily: NfProtocol.Ipv4, name: 'half' }, options: { create: true } };

describe('nftables: the error of a transaction', () => {
  const namespace = useNamespace();
  let client: FamilyClient<NftablesFamily>;

  before(() => {
    client = nftables({ netns: namespace().path });
  });
  after(() => client?.close());

  it('is that of the first operation when several operations fail, wherever it is among them', async () => {
    // NFT_MSG_NEWRULE into a missing chain is ENOENT, NEWSET without its key is EINVAL. The kernel reports the error of each.
    const missing = (chain: string): Operation => ({
      op: 'newrule',
      request: { nfgenFamily: NfProtocol.Ipv4, table: 'half', chain },
      options: { create: true },
    });
    const bad: Operation = { op: 'newset', request: { nfgenFamily: NfProtocol.Ipv4, table: 'half', name: 's' }, options: { create: true } };
    for (const [first, second, text] of [
      [missing('a'), bad, /^ENOENT newrule: rule of chain 'a'/],
      [bad, missing('b'), /^EINVAL newset: set 's'/],
      [missing('a'), missing('b'), /^ENOENT newrule: rule of chain 'a'/],
    ] as const) {
      const error: unknown = await lastValueFrom(client.transaction([TABLE, first, second])).catch((reason: unknown) => reason);
      expect((error as Error).message).to.match(text);
    }
    expect(await lastValueFrom(client.list('gettable'))).to.deep.equal([]);
  });
});
