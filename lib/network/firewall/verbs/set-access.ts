import { type Observable, catchError, concatMap, defaultIfEmpty, defer, forkJoin, ignoreElements, map, of, retry, throwError } from 'rxjs';
import { isKernelError, StaleGenerationError } from '../../../errors/index.js';
import type { SetelemAttrsInput } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import { elementRows, elementsOfRows, type Element } from '../objects/element.js';
import { setOfRow, type SetThing } from '../objects/set.js';
import type { Operation, Scope } from '../objects/thing.js';
import { cutIntervals, mergeIntervals } from '../plan/merge-intervals.js';
import { elementOperations, planElements } from '../plan/plan-elements.js';
import { emptySteps, inOrder } from '../plan/steps.js';
import { scopeOf, type NftablesClient } from '../state/firewall-state.js';
import { missingSet } from './missing-set.js';
import type { FirewallSetKey } from './set-verbs.js';

/** The number of times that a write is prepared again because another transaction was committed meanwhile. */
const ATTEMPTS = 5;

/** Reads and writes the elements of one set. @internal */
export class SetAccess {
  readonly #client: NftablesClient;
  readonly #key: FirewallSetKey;
  readonly scope: Scope;

  constructor(client: NftablesClient, key: FirewallSetKey) {
    this.#client = client;
    this.#key = key;
    this.scope = scopeOf({ family: key.family, name: key.table });
  }

  /** Emits the set without its elements. */
  read(): Observable<SetThing> {
    const { name } = this.#key;
    return defer(() => this.#client.do('getset', { ...this.scope, name })).pipe(
      catchError((error: unknown) =>
        isKernelError(error, 'ENOENT') ? missingSet(this.#client, this.#key, error) : throwError(() => error),
      ),
      map((row) => {
        const set = setOfRow(this.scope, row);
        if (set !== undefined) return set;
        throw new FieldError('', 'its elements have a type that this library does not know', 'unsupported');
      }),
    );
  }

  /** Emits the elements. */
  elements({ layout, timeout, name }: SetThing): Observable<readonly Element[]> {
    return this.#client.list('getsetelem', { ...this.scope, set: name }).pipe(
      map((rows) =>
        elementsOfRows(
          layout,
          rows.flatMap(({ elements }) => elements?.elem ?? []),
          timeout,
        ),
      ),
    );
  }

  /** Writes elements in one transaction. */
  write(
    set: SetThing,
    op: 'newsetelem' | 'delsetelem' | 'destroysetelem',
    elements: readonly Element[],
    isExclusive = false,
  ): Observable<void> {
    const rows = elements.map((element): readonly SetelemAttrsInput[] => elementRows(set.layout, element, op !== 'newsetelem'));
    const operations = elementOperations(this.scope, set, op, rows);
    return this.#commit(isExclusive ? operations.map(exclusive) : operations);
  }

  /**
   * Adds to, or takes from, a set whose intervals are merged: reads it, computes its intervals, and writes those that differ.
   *
   * The kernel knows nothing of merging: it rejects an interval that overlaps with another one.
   */
  merge(set: SetThing, change: 'add' | 'delete', given: readonly Element[]): Observable<boolean> {
    return defer(() => this.#client.do('getgen')).pipe(
      concatMap(({ id = 0 }) => forkJoin({ generation: of(id), there: this.elements(set) })),
      concatMap(({ generation, there }) => {
        const elements = change === 'add' ? mergeIntervals([...there, ...given]) : cutIntervals(mergeIntervals(there), given);
        const steps = emptySteps();
        const { family, table: name } = this.#key;
        planElements(
          {
            table: { family, name },
            scope: this.scope,
            wanted: { set, elements, path: '' },
            found: { set, elements: there },
            isNew: false,
            recreated: new Set(),
          },
          steps,
          [],
        );
        const operations = inOrder(steps);
        return operations.length === 0 ? of(false) : this.#commit(operations, generation).pipe(map(() => true));
      }),
      retry({
        count: ATTEMPTS,
        delay: (error: unknown) => (error instanceof StaleGenerationError ? of(0) : throwError(() => error)),
      }),
    );
  }

  #commit(operations: readonly Operation[], generation?: number): Observable<void> {
    if (operations.length === 0) return of(undefined);
    return this.#client.transaction(operations, generation === undefined ? {} : { generation }).pipe(
      ignoreElements(),
      defaultIfEmpty(undefined),
      map(() => undefined),
    );
  }
}

function exclusive(operation: Operation): Operation {
  return { ...operation, options: { create: true, exclusive: true } };
}
