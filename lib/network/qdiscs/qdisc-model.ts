import { map } from 'rxjs';
import { omitUndefined, suggestion } from '../../check/index.js';
import type { KernelError } from '../../errors/index.js';
import type { GetqdiscReply } from '../../families/tc.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { moduleAdvice } from '../common/translate-error.js';
import { Row } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import { step, type RequestStep } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import type { Qdisc } from './qdisc.js';
import { dependentsOfQdisc } from '../traffic/dependents.js';
import { QDISC_KIND } from '../traffic/kind-filter.js';
import { qdiscKinds } from './kinds/kinds.js';
import { handleClaim } from './claim-handle.js';
import { qdiscOf, qdiscRequest, watchedQdiscOf } from './qdisc-rows.js';
import { checkQdisc, checkQdiscPart, placeOfKind, QDISC_KEY, QDISC_SHAPE, QDISC_STATE, qdiscKindPart } from './qdisc-shape.js';

/** Returns what the verbs need to know about qdiscs. @internal */
export function qdiscModel({ tc }: Pick<NetworkClients, 'tc'>): TableModel<Qdisc> {
  const create = (wanted: Wanted, names: LinkNames): readonly RequestStep[] => {
    checkNew(wanted);
    // No echo: its first message is the qdisc that gives way.
    const request = step(tc, 'newqdisc', qdiscRequest(wanted, names), { create: true, exclusive: true });
    return [{ ...request, explain: explain(wanted) }];
  };
  const remove = ({ [Row]: { ifindex, parent, handle } }: Qdisc): readonly RequestStep[] => [
    step(tc, 'delqdisc', { ifindex, parent, handle }),
  ];
  return {
    table: 'qdiscs',
    noun: 'qdisc',
    typical: { spec: '{ link, kind }', text: 'link' },
    shape: QDISC_SHAPE,
    key: QDISC_KEY,
    state: QDISC_STATE,
    always: ['linkIndex', 'byDefault'],
    keyNeeds: ['link'],
    filterChecks: QDISC_KIND,
    identity: ['link', 'parent'],
    missing: ['ENOENT', 'ENODEV'],
    linkFields: ['link'],
    namesByKey: true,
    checkGiven: (given) => qdiscKindPart.checkGiven(given),
    check: checkQdisc,
    checkPart: checkQdiscPart,
    nameOf: ({ link, parent, handle, kind }) => nameText`${parent ?? (kind === undefined ? handle : placeOfKind(kind))} on ${link}`,
    slot: ({ link }) => String(link),
    matches: (object, { link, parent, handle }) =>
      object.link === link && (parent === undefined ? handle === undefined || object.handle === handle : object.parent === parent),
    keyOf: ({ link, parent, kind }) => ({ link, parent: parent ?? placeOfKind(kind) }),
    read: (names, { link, linkIndex } = {}) => {
      const ifindex = typeof link === 'string' ? names.indexOf(link) : (linkIndex as number | undefined);
      return tc.list('getqdisc', omitUndefined({ ifindex })).pipe(map((rows) => rows.flatMap((row) => qdiscOf(row, names) ?? [])));
    },
    fromRow: (row, names) => qdiscOf(row as GetqdiscReply, names),
    watchedRow: (row, names) => watchedQdiscOf(row as GetqdiscReply, names) as Qdisc | undefined,
    watchRequest: ({ linkIndex }) => (typeof linkIndex === 'number' ? { ifindex: linkIndex } : {}),
    rows: (request) => tc.tableOf('getqdisc', request),
    isDefault: ({ byDefault }) => byDefault,
    equal: qdiscKindPart.equal,
    merge: (object, wanted) => qdiscKindPart.merge(object, wanted),
    claim: handleClaim(),
    create: (wanted, names) => create({ ...wanted, parent: wanted['parent'] ?? placeOfKind(wanted['kind']) }, names),
    update: (object, wanted, changed, names, paths): Update => {
      checkQdisc(wanted);
      const fixed = [...changed.filter((name) => name === 'kind' || name === 'handle'), ...qdiscKindPart.fixed(object.kind, paths)];
      if (fixed.length === 0) return { steps: [step(tc, 'newqdisc', qdiscRequest(wanted, names, paths))] };
      return { recreate: fixed, steps: exchange(object, wanted) ? replace(wanted, names) : [...remove(object), ...create(wanted, names)] };
    },
    dependents: ({ [Row]: { ifindex, handle } }, names) => dependentsOfQdisc(tc, names, ifindex, handle),
    remove,
  };

  /** The kernel exchanges qdiscs without a moment in between. */
  function replace(wanted: Wanted, names: LinkNames): readonly RequestStep[] {
    checkNew(wanted);
    const request = step(tc, 'newqdisc', qdiscRequest(wanted, names), { create: true, replace: true });
    return [{ ...request, explain: explain(wanted) }];
  }
}

function checkNew(wanted: Wanted): void {
  checkQdisc(wanted);
  qdiscKindPart.checkNew(wanted);
}

/** Returns true if a replacing request creates another qdisc: with the same handle, the kernel would change the one that is there. */
function exchange(object: Qdisc, wanted: Wanted): boolean {
  return object.parent !== 'clsact' && wanted['handle'] !== object.handle;
}

/** Returns the meaning of ENOENT: the kernel lacks the kind, or the link lacks the class above. */
function explain({ parent, kind }: Wanted): RequestStep['explain'] {
  return ({ code, message: whole, extendedAck: { message = '' } }: KernelError) => {
    if (code !== 'ENOENT') return undefined;
    if (message.includes('kind is unknown')) {
      const name = kind as string;
      const similar = qdiscKinds.has(name) ? '' : suggestion(name, qdiscKinds.keys(), '; ');
      const remedy = similar === '' ? (moduleAdvice(whole)?.replace(/^.*?: /, '; ') ?? '') : similar;
      return new FieldError('kind', `the kernel has no qdisc of kind '${name}'${remedy}`, 'unsupported');
    }
    if (/class not found|find specified qdisc/.test(message))
      return new FieldError('parent', `the link has no class '${parent as string}'`, 'missing');
    return undefined;
  };
}
