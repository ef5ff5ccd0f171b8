import { catchError, concat, concatMap, defer, EMPTY, from, ignoreElements, mergeMap, of, tap, type Observable } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import { each, inSlices, type Work } from '../../common/slices.js';
import type { LinkNames } from '../../names/link-names.js';
import { linksOf } from '../../tables/linked.js';
import { withFirst, type RequestStep, type Step } from '../../tables/step.js';
import type { DocumentTable, Phase } from '../plan/planned-change.js';
import { changeSteps, type Half } from './change-steps.js';
import { changeError, isGone } from './judge.js';
import type { Site, SiteChange } from '../site.js';

/** The phases in the order of their execution. @internal */
export const PHASES: readonly Phase[] = [
  'clear',
  'create-links',
  'settings',
  'addresses',
  'nexthops',
  'link-routes',
  'routes',
  'rules',
  'neighbours',
  'traffic',
  'delete',
];

/** Tables whose changes are written one after the other if their requests depend on replies. */
const SINGLE: ReadonlySet<DocumentTable> = new Set<DocumentTable>(['links', 'classes']);

/** The most links of a batch. */
const MOST_LINKS = 16;

/** A change that was not made. @internal */
export interface Failure {
  readonly of: SiteChange;
  /** The error, in words. */
  readonly error: Error;
  /** True if another program has created the object since the plan was made. */
  readonly isForeign: boolean;
}

/** The conditions under which changes are written. @internal */
export interface Execution {
  /** Ends the execution when it is aborted: requests that were sent are awaited, others are not sent. */
  readonly signal: AbortSignal;
  /** True to write the other changes after one has failed. */
  readonly continues: boolean;
  /** Called before the first request of a change is sent. */
  readonly onBegin: (change: SiteChange) => void;
  /** Called for each change that was made. */
  readonly onDone: (change: SiteChange) => void;
  /** Called for each change that has failed. */
  readonly onFailure: (failure: Failure) => void;
  /** Runs behind a phase that had changes, such as a wait for addresses. */
  readonly after?: (phase: Phase) => Observable<never>;
}

/** One half of a change, in the phase in which it is written. */
interface Part {
  readonly of: SiteChange;
  readonly half: Half;
}

/** Parts whose requests are sent together. */
interface Batch {
  readonly parts: readonly Part[];
  /** The number of requests of each part that was begun. */
  readonly counts: number[];
  /** The requests whose errors have a meaning of their own, by their positions. */
  readonly explained: Map<number, RequestStep>;
  /** The errors of parts that have no requests, because they are not valid. */
  readonly invalid: Map<Part, Error>;
}

/**
 * Writes changes, phase by phase, and completes.
 *
 * Outcomes are not emitted: a document may have many thousands of changes, and each would go through a dozen of operators.
 *
 * The consecutive changes of a table share datagrams. After a failure no further requests are sent, unless the execution continues.
 *
 * @internal
 */
export function execute(changes: readonly SiteChange[], execution: Execution): Observable<never> {
  return inSlices(() => groupsOf(changes)).pipe(
    mergeMap((groups) => {
      const run = new Run(execution);
      return from(PHASES).pipe(concatMap((phase) => run.phase(phase, groups.get(phase)!)));
    }),
  );
}

/** Consecutive parts of one table and one namespace. */
interface Group {
  readonly parts: Part[];
  /** True for one part whose requests are sent one after the other. */
  readonly single: boolean;
}

/** Sorts the parts of changes by the phases in which they are written; of each phase, returns runs of parts that can share a batch. */
function* groupsOf(changes: readonly SiteChange[]): Work<ReadonlyMap<Phase, readonly Group[]>> {
  const groups = new Map(PHASES.map((phase): [Phase, Group[]] => [phase, []]));
  // An object stands behind those that it depends on.
  const recreated = changes.filter(({ change }) => change.action === 'recreate' && change.steps === undefined).reverse();
  yield* each(recreated, (of) => addPart(groups.get('clear')!, { of, half: 'remove' }));
  yield* each(changes, (of) => addPart(groups.get(of.change.phase)!, { of, half: of.change.action === 'delete' ? 'remove' : 'write' }));
  return groups;
}

/** Adds a part to the last group if they can share a batch. */
function addPart(groups: Group[], part: Part): void {
  const single = isSingle(part.of);
  const { site, change } = part.of;
  const last = groups.at(-1);
  const first = last?.parts[0]!.of;
  // The kernel makes a link in up to a millisecond, and other events wait for a datagram.
  const isFull = change.table === 'links' && last?.parts.length === MOST_LINKS;
  if (first?.site === site && first.change.table === change.table && !single && !last!.single && !isFull) last!.parts.push(part);
  else groups.push({ parts: [part], single });
}

function isSingle({ site, change: { table, action, steps, wanted } }: SiteChange): boolean {
  if (steps !== undefined) return true;
  if (!SINGLE.has(table)) return false;
  try {
    return action !== 'add' || site.models[table].creation?.(wanted!) === undefined;
  } catch {
    // The change ends with this error when it is written.
    return true;
  }
}

/** One execution. */
class Run {
  readonly #execution: Execution;
  readonly #names = new Map<Site, LinkNames>();
  /** Namespaces in which links were made since their names were read. */
  readonly #stale = new Set<Site>();
  #hasFailed = false;

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  phase(phase: Phase, groups: readonly Group[]): Observable<never> {
    if (groups.length === 0) return EMPTY;
    const { after } = this.#execution;
    return concat(
      from(groups).pipe(concatMap((group) => this.#unlessOver(() => this.#group(group)))),
      this.#unlessOver(() => after?.(phase) ?? EMPTY),
    );
  }

  get #isOver(): boolean {
    return this.#execution.signal.aborted || (this.#hasFailed && !this.#execution.continues);
  }

  #unlessOver<T>(run: () => Observable<T>): Observable<T> {
    return defer(() => (this.#isOver ? EMPTY : run()));
  }

  #group({ parts, single }: Group): Observable<never> {
    const part = parts[0]!;
    return this.#namesOf(part.of.site, single || part.of.change.table === 'links' ? parts : undefined).pipe(
      mergeMap((names) => (single ? this.#single(part, names) : this.#batch(parts, names))),
    );
  }

  /** Returns the links of a namespace. A few changes need new names only if one of them names a link that is not known. */
  #namesOf(site: Site, few: readonly Part[] | undefined): Observable<LinkNames> {
    const known = this.#names.get(site);
    const isKnown = (link: string): boolean => known?.indexOf(link) !== undefined;
    const suffices =
      !this.#stale.has(site) ||
      few?.every(({ of: { change } }) => change.wanted === undefined || linksOf(site.models[change.table], change.wanted).every(isKnown));
    if (known !== undefined && suffices === true) return of(known);
    return site.names.all().pipe(
      tap((names) => {
        this.#names.set(site, names);
        this.#stale.delete(site);
      }),
    );
  }

  #single(part: Part, names: LinkNames): Observable<never> {
    let [failed, isForeign]: [RequestStep | undefined, boolean] = [undefined, false];
    return defer(() => from(this.#begin(part, names))).pipe(
      concatMap((step, position) =>
        send(step).pipe(
          catchError((error: unknown) => {
            if (isGone(part.half, error)) return EMPTY;
            failed = 'task' in step ? undefined : step;
            isForeign = position === 0 && isCreated(part, error);
            throw error;
          }),
        ),
      ),
      ignoreElements(),
      tap({ complete: () => this.#end(part, undefined) }),
      catchError((error: unknown) => {
        this.#end(part, this.#failure(part, error, failed), isForeign);
        return EMPTY;
      }),
    );
  }

  /** Reports the end of a part. An object that is created again has its outcome at the end of the second half, or at its failure. */
  #end(part: Part, error: Error | undefined, isForeign = false): void {
    if (error === undefined && isFirstHalf(part)) return;
    this.#forget(part);
    if (error === undefined) this.#execution.onDone(part.of);
    else this.#execution.onFailure({ of: part.of, error, isForeign });
  }

  /** Marks the names of links as old. */
  #forget({ of: { site, change } }: Part): void {
    if (change.table !== 'links') return;
    if (change.action === 'add') this.#stale.add(site);
    else if (change.action !== 'change' || change.changes!.has('name') || change.changes!.has('altnames')) this.#names.delete(site);
  }

  /** Sends the requests of changes of one table. The batch ends by itself when the execution is over. */
  #batch(parts: readonly Part[], names: LinkNames): Observable<never> {
    const batch: Batch = { parts, counts: [], explained: new Map(), invalid: new Map() };
    const steps = this.#requests(batch, names);
    const first = steps.next();
    const reportInvalid = (): Observable<never> => {
      for (const [part, error] of batch.invalid) this.#end(part, error);
      return EMPTY;
    };
    if (first.done === true) return defer(reportInvalid);
    // Results have the order of the requests.
    let position = 0;
    let answered = 0;
    let failure: { readonly error: Error; readonly isForeign: boolean } | undefined;
    const results = first.value.client.batch(withFirst(first.value, steps) as never).pipe(
      tap((result) => {
        while (batch.counts[position] === 0) position++;
        const part = parts[position]!;
        if ('error' in result && failure === undefined && !isGone(part.half, result.error)) {
          const error = this.#failure(part, result.error, batch.explained.get(result.index));
          failure = { error, isForeign: answered === 0 && isCreated(part, result.error) };
        }
        // The requests of many thousands of changes are not kept.
        if (batch.explained.size > 0) batch.explained.delete(result.index);
        answered++;
        if (answered < batch.counts[position]!) return;
        this.#end(part, failure?.error, failure?.isForeign);
        position++;
        answered = 0;
        failure = undefined;
      }),
      ignoreElements(),
    );
    return concat(results, defer(reportInvalid));
  }

  /** Yields the requests of changes one by one, as the socket needs them. */
  *#requests({ parts, counts, explained, invalid }: Batch, names: LinkNames): Generator<RequestStep, void, undefined> {
    let sent = 0;
    for (const part of parts) {
      if (this.#isOver) return;
      let steps: readonly Step[];
      try {
        steps = this.#begin(part, names);
      } catch (error) {
        counts.push(0);
        invalid.set(part, this.#failure(part, error));
        continue;
      }
      counts.push(steps.length);
      for (let position = 0; position < steps.length; position++) {
        const step = steps[position] as RequestStep;
        if (step.explain !== undefined) explained.set(sent, step);
        sent++;
        yield step;
      }
    }
  }

  /** Returns the requests of a part, which is begun by that. */
  #begin({ of: change, half }: Part, names: LinkNames): readonly Step[] {
    const steps = changeSteps(change, half, names);
    this.#execution.onBegin(change);
    return steps;
  }

  #failure({ of: change, half }: Part, error: unknown, step?: RequestStep): Error {
    this.#hasFailed = true;
    return changeError(change, half, error, step);
  }
}

/** Returns true for the deletion of an object that is created again: its change is not made by that. */
function isFirstHalf({ of: { change }, half }: Part): boolean {
  return half === 'remove' && change.action === 'recreate';
}

/** Returns true if a new object was there before its first request. */
function isCreated({ of: { change } }: Part, error: unknown): boolean {
  return change.action === 'add' && isKernelError(error, 'EEXIST');
}

function send(step: Step): Observable<unknown> {
  return 'task' in step ? step.task() : step.client.do(step.op as never, step.request as never, step.options);
}
