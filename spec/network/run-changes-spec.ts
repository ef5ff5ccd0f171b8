import { expect } from 'chai';
import { defer, lastValueFrom, mergeMap, of, throwError, timer, type Observable } from 'rxjs';
import { runChanges, type Change } from '../../lib/network/shape/run-changes.js';

describe('runChanges', () => {
  let log: string[] = [];
  beforeEach(() => (log = []));

  const difference = (name: string) => ({ table: 'links', action: 'add', name, text: `+ link ${name}` }) as const;
  const noted = (text: string, then: Observable<unknown> = of(undefined)): Observable<unknown> =>
    defer(() => {
      log.push(text);
      return then;
    });
  const change = (name: string, problem?: string, undoing?: string): Change => ({
    run: () =>
      defer(() => {
        log.push(name);
        return timer(1).pipe(mergeMap(() => (problem === undefined ? of([difference(name)]) : throwError(() => new Error(problem)))));
      }),
    undo: () => noted(`undo ${name}`, undoing === undefined ? of(1, 2) : throwError(() => new Error(undoing))),
  });
  const failed = (error: unknown, undoing: unknown): unknown => [(error as Error).message, (undoing as Error | undefined)?.message];
  const errorOf = (source: Observable<unknown>): Promise<unknown> =>
    lastValueFrom(source).then(
      () => {
        throw new Error('no error');
      },
      (error: unknown) => error,
    );

  it('emits the differences of all changes as one array, at each subscription', async () => {
    const changes = runChanges([change('a'), change('b')], failed);
    expect(log).to.deep.equal([]);
    for (let round = 0; round < 2; round++) expect((await lastValueFrom(changes)).map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect(log).to.deep.equal(['a', 'b', 'a', 'b']);
    expect(await lastValueFrom(runChanges([], failed))).to.deep.equal([]);
  });

  it('undoes the failed change and those before it, the last one first, and runs no other', async () => {
    const error = await errorOf(runChanges([change('a'), change('b', 'no'), change('c')], failed));
    expect(error).to.deep.equal(['no', undefined]);
    expect(log).to.deep.equal(['a', 'b', 'undo b', 'undo a']);
  });

  it('undoes the others when one cannot be undone, and reports that', async () => {
    const error = await errorOf(runChanges([change('a'), change('b', undefined, 'stuck'), change('c', 'no')], failed));
    expect(error).to.deep.equal(['no', 'stuck']);
    expect(log).to.deep.equal(['a', 'b', 'c', 'undo c', 'undo b', 'undo a']);
  });
});
