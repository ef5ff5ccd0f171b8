import { expect } from 'chai';
import { lastValueFrom, of } from 'rxjs';
import { withOwners } from '../../lib/index.js';

describe('withOwners', () => {
  const failureOf = (value: unknown): Promise<unknown> =>
    lastValueFrom(of(value as []).pipe(withOwners())).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('rejects the single rows of a dump, and rows without an inode', async () => {
    expect(await failureOf({ inode: 7 }))
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.includes('expected the arrays of list()');
    expect(await failureOf([{ id: {} }]))
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.includes('pick inode');
  });

  it('returns no owner for an inode that no process has', async () => {
    expect(await lastValueFrom(of([{ inode: 0 }]).pipe(withOwners()))).to.deep.equal([{ inode: 0, owners: [] }]);
  });
});
