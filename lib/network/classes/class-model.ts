import { type Observable, catchError, forkJoin, map, mergeMap, of, throwError } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import type { GettclassReply } from '../../families/tc.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { Row } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import { step, type RequestStep, type TaskStep } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import { dependentsOfClass } from '../traffic/dependents.js';
import { CLASS_KIND } from '../traffic/kind-filter.js';
import { parseHandle } from '../traffic/handle.js';
import { classOf, classRequest, watchedClassOf } from './class-rows.js';
import { checkClass, checkClassPart, CLASS_KEY, CLASS_SHAPE, CLASS_STATE, classKindPart, qdiscOfClass } from './class-shape.js';
import type { TrafficClass } from './traffic-class.js';

/** Properties that the kernel accepts at the creation only. */
const FIXED: readonly string[] = ['kind', 'parent'];

/** Returns what the verbs need to know about classes. @internal */
export function classModel({ tc }: Pick<NetworkClients, 'tc'>): TableModel<TrafficClass> {
  return {
    table: 'classes',
    noun: 'class',
    typical: { spec: '{ link, handle, kind }' },
    shape: CLASS_SHAPE,
    key: CLASS_KEY,
    state: CLASS_STATE,
    always: ['linkIndex', 'handle', 'parent', 'kind'],
    keyNeeds: ['link', 'handle'],
    filterChecks: CLASS_KIND,
    identity: ['link', 'handle'],
    missing: ['ENOENT', 'ENODEV'],
    linkFields: ['link'],
    namesByKey: true,
    checkGiven: (given) => classKindPart.checkGiven(given),
    check: checkClass,
    checkPart: checkClassPart,
    nameOf: ({ link, handle }) => nameText`${handle} on ${link}`,
    slot: ({ link }) => String(link),
    matches: (object, { link, handle }) => object.link === link && object.handle === handle,
    keyOf: ({ link, handle }) => ({ link, handle }),
    read: (names, { link, linkIndex } = {}) => {
      const index = typeof link === 'string' ? names.indexOf(link) : (linkIndex as number | undefined);
      return (index === undefined ? linksWithClasses(tc) : of([index])).pipe(
        mergeMap((indexes) => (indexes.length === 0 ? of([]) : forkJoin(indexes.map((ifindex) => classesOf(tc, ifindex))))),
        map((rows) => rows.flat().flatMap((row) => classOf(row, names) ?? [])),
      );
    },
    fromRow: (row, names) => classOf(row as GettclassReply, names),
    watchedRow: (row, names) => watchedClassOf(row as GettclassReply, names) as TrafficClass | undefined,
    watchRequest: ({ linkIndex }) => (typeof linkIndex === 'number' ? { ifindex: linkIndex } : {}),
    rows: (request) => tc.tableOf('gettclass', request),
    equal: classKindPart.equal,
    merge: (object, wanted) => classKindPart.merge(object, wanted),
    create: (wanted, names) => {
      checkClass(wanted);
      classKindPart.checkNew(wanted);
      const create = step(tc, 'newtclass', classRequest(wanted, names), { create: true, exclusive: true, echo: true });
      return [...guard(tc, wanted, names), { ...create, explain: missingQdisc(wanted) }];
    },
    update: (object, wanted, changed, names, paths): Update => {
      checkClass(wanted);
      const fixed = [...changed.filter((name) => FIXED.includes(name)), ...classKindPart.fixed(object.kind, paths)];
      if (fixed.length > 0) return { recreate: fixed };
      return { steps: [step(tc, 'newtclass', classRequest(wanted, names, paths))] };
    },
    dependents: ({ [Row]: { ifindex, handle } }, names) => dependentsOfClass(tc, names, ifindex, handle),
    remove: ({ [Row]: { ifindex, parent, handle } }) => [step(tc, 'deltclass', { ifindex, parent, handle })],
  };
}

type TcClient = NetworkClients['tc'];

function classesOf(tc: TcClient, ifindex: number): Observable<readonly GettclassReply[]> {
  return tc
    .list('gettclass', { ifindex })
    .pipe(catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of([]) : throwError(() => error))));
}

/** Returns the indexes of links that may have classes: those with a qdisc that is not a default one. */
function linksWithClasses(tc: TcClient): Observable<readonly number[]> {
  return tc
    .list('getqdisc', {})
    .pipe(map((rows) => [...new Set(rows.filter(({ kind }) => kind !== 'noqueue').map(({ ifindex }) => ifindex))]));
}

/** The qdisc of a new class does not exist. */
function missingQdisc({ handle }: Wanted): RequestStep['explain'] {
  const qdisc = qdiscOfClass(parseHandle(handle as string));
  return ({ code }) => (code === 'ENOENT' ? new FieldError('handle', `the link has no qdisc '${qdisc}'`, 'missing') : undefined);
}

/** The kernel puts a class whose parent does not exist below the qdisc, silently: the parent is read first. */
function guard(tc: TcClient, { handle, parent, link }: Wanted, names: LinkNames): readonly TaskStep[] {
  if (typeof parent !== 'string' || parent === qdiscOfClass(parseHandle(handle as string))) return [];
  const request = { ifindex: names.indexOf(link as string)!, handle: parseHandle(parent) };
  const missing = (error: unknown): unknown =>
    isKernelError(error, 'ENOENT') ? new FieldError('parent', `the link has no class '${parent}'`, 'missing') : error;
  return [{ task: () => tc.do('gettclass', request).pipe(catchError((error: unknown) => throwError(() => missing(error)))) }];
}
