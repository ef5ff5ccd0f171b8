import { FieldError } from '../../common/field-error.js';
import { choice, shown, type Check } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import { LinkNames } from '../../names/link-names.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import { parseHandle } from '../../traffic/handle.js';
import type { ClassTree, ClsactTree, FilterOfTree, LinkLists, QdiscTree } from '../document.js';
import { objectOf, parseList, wholeOf } from '../parse/parse-object.js';
import { at } from '../parse/path.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { WITH_CREATED_CLASSES } from './tree-node.js';

/** A name that every check of an object accepts: the link of a tree is that of the document. */
const LINK = 'link';

/** Requests that are made to be checked, and not sent, need no index. */
const NO_LINKS = new LinkNames();

/** Kinds of a tree whose place is that of `clsact`. */
const SIDES: readonly unknown[] = ['clsact', 'ingress'];

/** The handles of a tree, and the classes that its filters may lead to. */
interface Handles {
  readonly qdiscs: Map<number, string>;
  readonly classes: Set<string>;
}

/**
 * Brings the trees of a link into the form of readers, and checks them.
 *
 * @param given - The properties `qdisc` and `clsact` of a link, as far as they are there.
 * @throws FieldError with a path in the link: `qdisc.classes[0].handle`.
 * @internal
 */
export function parseTrees(
  models: DocumentModels,
  { qdisc, clsact }: { readonly qdisc?: unknown; readonly clsact?: unknown },
): Pick<LinkLists, 'qdisc' | 'clsact'> {
  return {
    ...(qdisc !== undefined && { qdisc: qdisc === null ? null : at('qdisc', () => parseRoot(models, qdisc)) }),
    ...(clsact !== undefined && { clsact: clsact === null ? null : at('clsact', () => parseClsact(models, clsact)) }),
  };
}

function parseRoot(models: DocumentModels, value: unknown): QdiscTree {
  const handles: Handles = { qdiscs: new Map(), classes: new Set() };
  const tree = parseQdisc(models, value, 'root', handles);
  checkTargets(tree, handles);
  return tree;
}

function parseQdisc(models: DocumentModels, value: unknown, parent: string, handles: Handles): QdiscTree {
  const { classes, filters, ...given } = objectOf(value);
  if (SIDES.includes(given['kind'])) throw new FieldError('kind', `a qdisc of kind '${given['kind'] as string}' is the property clsact`);
  const qdisc = parsed(models.qdiscs, given, { link: LINK, parent });
  models.qdiscs.create({ link: LINK, parent, ...qdisc }, NO_LINKS);
  const { kind, handle } = qdisc as { readonly kind: string; readonly handle?: string };
  if (handle === undefined && (classes !== undefined || filters !== undefined))
    throw new FieldError('handle', 'is required beside classes or filters');
  if (handle !== undefined) {
    const number = parseHandle(handle);
    const other = handles.qdiscs.get(number);
    if (other !== undefined) throw new FieldError('handle', `the qdisc of ${other} has '${handle}' too`);
    handles.qdiscs.set(number, parent);
  }
  return {
    ...(qdisc as unknown as QdiscTree),
    ...(classes !== undefined && {
      classes: parseList('classes', classes, (one) => parseClass(models, one, kind, handle!, handle!, handles)),
    }),
    ...(filters !== undefined && { filters: parseList('filters', filters, (one) => parseFilter(models, one, handle!)) }),
  };
}

function parseClass(models: DocumentModels, value: unknown, kind: string, qdisc: string, above: string, handles: Handles): ClassTree {
  const { classes, filters, qdisc: child, ...given } = objectOf(value);
  refuse(given, 'parent');
  const one = parsed(models.classes, given, { link: LINK });
  if (one['kind'] !== kind) throw new FieldError('kind', `expected '${kind}', the kind of the qdisc, not '${one['kind'] as string}'`);
  const handle = one['handle'] as string;
  if (parseHandle(handle) >>> 16 !== parseHandle(qdisc) >>> 16)
    throw new FieldError('handle', `expected a class of the qdisc '${qdisc}', not '${handle}'`);
  if (handles.classes.has(handle)) throw new FieldError('handle', `another class has '${handle}' too`);
  handles.classes.add(handle);
  if (child !== undefined && classes !== undefined) throw new FieldError('qdisc', 'a class with classes below it has no qdisc');
  if (WITH_CREATED_CLASSES.has(kind)) models.classes.create({ link: LINK, parent: above, ...one }, NO_LINKS);
  else if (classes !== undefined || filters !== undefined)
    throw new FieldError(classes === undefined ? 'filters' : 'classes', `a class of kind '${kind}' has only a qdisc`);
  return {
    ...(one as unknown as ClassTree),
    ...(classes !== undefined && {
      classes: parseList('classes', classes, (inner) => parseClass(models, inner, kind, qdisc, handle, handles)),
    }),
    ...(filters !== undefined && { filters: parseList('filters', filters, (filter) => parseFilter(models, filter, handle)) }),
    ...(child !== undefined && { qdisc: at('qdisc', () => parseQdisc(models, child, handle, handles)) }),
  };
}

const sides: Check<readonly unknown[]> = (value, path) => {
  if (Array.isArray(value)) return value;
  throw new FieldError(path, `expected an array, not ${shown(value)}`);
};

const CLSACT: Shape = { fields: { kind: choice(['clsact', 'ingress']), ingress: sides, egress: sides } };

function parseClsact(models: DocumentModels, value: unknown): ClsactTree {
  const given = normalise<ClsactTree>(CLSACT, value);
  if (given.kind === 'ingress' && given.egress !== undefined)
    throw new FieldError('egress', "a qdisc of kind 'ingress' has no egress side; omit kind");
  const side = (name: 'ingress' | 'egress'): Partial<ClsactTree> =>
    given[name] === undefined ? {} : { [name]: parseList(name, given[name], (filter) => parseFilter(models, filter, name)) };
  return { ...(given.kind !== undefined && { kind: given.kind as 'clsact' }), ...side('ingress'), ...side('egress') };
}

function parseFilter(models: DocumentModels, value: unknown, parent: string): FilterOfTree {
  return parsed(models.filters, objectOf(value), { link: LINK, parent }) as unknown as FilterOfTree;
}

/** Checks an object of a tree; its link and its place follow from the tree. */
function parsed(model: TableModel<object>, given: Wanted, place: Wanted): Wanted {
  for (const name of Object.keys(place)) refuse(given, name);
  const whole = wholeOf(model, { ...given, ...place });
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !Object.hasOwn(place, name)));
}

function refuse(given: Wanted, name: string): void {
  if (given[name] !== undefined) throw new FieldError(name, 'follows from the place in the document; omit it');
}

/** @throws FieldError if a filter leads to a class that the tree does not have; the kernel would use the default class. */
function checkTargets(tree: QdiscTree, { classes }: Handles): void {
  const check = (filters: readonly FilterOfTree[] | undefined): void => {
    for (const [index, { to }] of (filters ?? []).entries()) {
      if (typeof to !== 'string' || !WITH_CREATED_CLASSES.has(tree.kind)) continue;
      if ((parseHandle(to) & 0xffff) !== 0 && !classes.has(to))
        throw new FieldError(`filters[${index}].to`, `the tree has no class '${to}'`, 'missing');
    }
  };
  const checkClass = ({ classes: inner = [], filters, qdisc }: ClassTree): void => {
    check(filters);
    for (const [index, one] of inner.entries()) at(`classes[${index}]`, () => checkClass(one));
    if (qdisc !== undefined) at('qdisc', () => checkTargets(qdisc, { qdiscs: new Map(), classes }));
  };
  check(tree.filters);
  for (const [index, one] of (tree.classes ?? []).entries()) at(`classes[${index}]`, () => checkClass(one));
}
