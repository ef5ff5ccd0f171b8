import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { nftables } from '../../../lib/families/nftables.js';
import { KernelError, StaleGenerationError } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';

describe('a transaction on a generation of the tables', () => {
  const namespace = useNamespace();
  before(() => requirePrograms('nft'));

  /** Returns the names of the tables, as nft(8) lists them. */
  function tables(): string[] {
    const { nftables: entries } = JSON.parse(namespace().run('nft', '-j', 'list', 'tables')) as {
      readonly nftables: readonly { readonly table?: { readonly name: string } }[];
    };
    return entries.flatMap(({ table }) => (table === undefined ? [] : [table.name]));
  }

  const create = (name: string) => [{ op: 'newtable', request: { nfgenFamily: 2, name }, options: { create: true } }] as const;

  it('is carried out if no other transaction was committed since, and fails with StaleGenerationError otherwise', async () => {
    using client = nftables({ netns: namespace().path });
    const { id: first } = await lastValueFrom(client.do('getgen'));
    await lastValueFrom(client.transaction(create('mine'), { generation: first! }).pipe(toArray()));
    expect(tables()).to.deep.equal(['mine']);

    const { id: second } = await lastValueFrom(client.do('getgen'));
    expect(second).to.not.equal(first);
    namespace().run('nft', 'add', 'table', 'ip', 'foreign');
    const error = await lastValueFrom(client.transaction(create('stale'), { generation: second! }).pipe(toArray())).then(
      () => expect.fail('it was carried out'),
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(StaleGenerationError).and.instanceOf(KernelError);
    expect(error).to.include({ code: 'ERESTART', generation: second, operation: 'transaction', name: 'StaleGenerationError' });
    expect(String(error)).to.equal(
      `StaleGenerationError: ERESTART transaction: the tables no longer have generation ${second} (read the generation and the tables again)`,
    );
    expect(tables()).to.deep.equal(['mine', 'foreign']);

    const { id: third } = await lastValueFrom(client.do('getgen'));
    await lastValueFrom(client.transaction(create('last'), { generation: third!, timeout: 5000 }).pipe(toArray()));
    expect(tables()).to.deep.equal(['mine', 'foreign', 'last']);
  });

  it('rejects options that are not valid', () => {
    using client = nftables({ netns: namespace().path });
    expect(() => client.transaction(create('x'), { generation: 0 })).to.throw(RangeError, 'generation');
    expect(() => client.transaction(create('x'), { generations: 1 } as never)).to.throw(TypeError, /unknown option 'generations'/);
    expect(() => client.transaction(create('x'), { timeout: -1 })).to.throw(RangeError, 'timeout');
  });
});
