import { omitUndefined } from '../../../check/index.js';
import { SetFlags, type ExprAttrs, type GetsetReply, type NewsetRequest } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import type { Read } from '../../common/written.js';
import { boolean, choice, integer, list, text, type Check } from '../../fields/check.js';
import { normalise, object, type Shape } from '../../fields/shape.js';
import type { NamedMap, SetFlag } from '../firewall.js';
import type { RuleExpression } from '../rules/rule-context.js';
import { commentCheck, nameCheck, requireName } from './chain.js';
import { parseElement, type Element } from './element.js';
import { elementTime } from './element-time.js';
import { typeofParts } from '../rules/fields/typeof.js';
import { dataName, fieldNames, layoutAttributes, layoutOfRow, parseFields, parseMapData, type SetLayout } from './set-layout.js';
import { CREATE, type Scope, type Thing } from './thing.js';
import { UserdataType, numberOf, numberValue, readUserdata, textOf, textValue, writeUserdata } from './userdata.js';

/** A set or a map in the form in which it is compared. @internal */
export interface SetThing extends Thing {
  readonly space: 'set';
  readonly layout: SetLayout;
  readonly flags: readonly SetFlag[];
  readonly autoMerge: boolean;
  /** The time after which elements are removed that state none. */
  readonly timeout?: number | undefined;
  /** The statements of new elements. */
  readonly statements: readonly RuleExpression[];
}

interface SetFacts {
  readonly name: string;
  readonly layout: SetLayout;
  readonly comment?: string | undefined;
  readonly flags: readonly SetFlag[];
  readonly timeout?: number | undefined;
  readonly gcInterval?: number | undefined;
  readonly size?: number | undefined;
  readonly policy?: 'performance' | 'memory' | undefined;
  readonly autoMerge: boolean;
  readonly statements: readonly RuleExpression[];
}

const FLAGS: Readonly<Record<SetFlag, number>> = {
  constant: SetFlags.Constant,
  dynamic: SetFlags.Eval,
  interval: SetFlags.Interval,
  timeout: SetFlags.Timeout,
};
const FLAG_NAMES = Object.keys(FLAGS) as readonly SetFlag[];

/** The elements of a small set from which the kernel chooses a structure that can hold any keys. */
const LARGE = 4000;

const any: Check = (value) => value;

/** Accepts names of sets; the kernel puts a number in the place of `%d`. */
const setName: Check<string> = (value, path) => {
  const name = nameCheck(value, path);
  if (name.includes('%')) throw new FieldError(path, `the kernel replaces %d in the name of a set; use a name without '%', not '${name}'`);
  return name;
};

const expressions = list(object<RuleExpression>({ fields: { name: text(255), data: any } }));

function shapeFor(isMap: boolean): Shape {
  return {
    fields: {
      name: setName,
      type: any,
      comment: commentCheck,
      flags: list(choice(FLAG_NAMES)),
      timeout: elementTime,
      gcInterval: elementTime,
      size: integer(1, 0xffff_ffff),
      policy: choice(['performance', 'memory']),
      autoMerge: boolean,
      statements: expressions,
      elements: list(any),
      ...(isMap && { data: any, dataInterval: boolean }),
    },
  };
}

/** A set or a map whose properties are checked. */
type Checked = Omit<NamedMap<Read>, 'timeout' | 'gcInterval'> & { readonly timeout?: number; readonly gcInterval?: number };

/** Checks a set or a map of a document; returns it with its elements, which are undefined if it states none. @throws FieldError @internal */
export function parseSet(
  scope: Scope,
  isMap: boolean,
  value: unknown,
  path: string,
): { readonly set: SetThing; readonly elements: readonly Element[] | undefined } {
  const given = normalise<Checked>(shapeFor(isMap), value, path);
  requireName(given, path);
  for (const property of isMap ? (['type', 'data'] as const) : (['type'] as const))
    if (given[property] === undefined) throw new FieldError(`${path}.${property}`, 'is required');
  const { name, timeout, gcInterval, size, policy, autoMerge, dataInterval } = given;
  const flags = FLAG_NAMES.filter((flag) => given.flags?.includes(flag) === true || (flag === 'timeout' && (timeout ?? 0) > 0));
  const layout: SetLayout = {
    ...parseFields(given.type, `${path}.type`),
    isInterval: flags.includes('interval'),
    data: isMap ? parseMapData(given.data, dataInterval === true, `${path}.data`) : undefined,
  };
  checkSettings(given, flags, path);
  const set = setThing(scope, {
    name: name!,
    layout,
    flags,
    comment: given.comment ?? undefined,
    timeout: timeout ?? undefined,
    gcInterval: gcInterval ?? undefined,
    size: size ?? undefined,
    policy: policy === 'memory' ? policy : undefined,
    autoMerge: autoMerge === true,
    statements: given.statements ?? [],
  });
  const elements = given.elements?.map((element, index) => parseElement(layout, element, `${path}.elements[${index}]`));
  checkElements(set, elements ?? [], `${path}.elements`);
  if (size !== undefined && size !== null && !set.autoMerge) checkSize(size, elements ?? [], `${path}.elements`);
  return { set, elements };
}

/** @throws FieldError for elements that the kernel rejects, or that cannot be compared. */
function checkElements({ flags, layout, autoMerge }: SetThing, elements: readonly Element[], path: string): void {
  if (flags.includes('dynamic') && elements.length > 0)
    throw new FieldError(path, "packets add elements to a set with the flag 'dynamic'; omit them", 'unsupported');
  const places = new Map<string, number>();
  for (const [index, { id, timeout }] of elements.entries()) {
    const first = places.get(id);
    if (first !== undefined && !autoMerge)
      throw new FieldError(`${path}[${index}]`, `the element is there twice; the first is ${path}[${first}]`);
    if (timeout !== undefined && !flags.includes('timeout'))
      throw new FieldError(`${path}[${index}].timeout`, "elements have times only in a set with the flag 'timeout'");
    places.set(id, index);
  }
  // The kernel compares concatenations itself: ranges of single fields may overlap.
  if (layout.isInterval && layout.types.length === 1 && !autoMerge) checkOverlaps(elements, path);
}

/** @throws FieldError if a set has more elements than it holds: the kernel answers `ENFILE`. The element for everything else is not counted. */
function checkSize(size: number, elements: readonly Element[], path: string): void {
  const count = elements.filter(({ key }) => key !== undefined).length;
  if (count > size) throw new FieldError(path, `there are ${count} elements, and the size of the set is ${size}`);
}

function checkOverlaps(elements: readonly Element[], path: string): void {
  const sorted = [...elements.entries()]
    .flatMap(([index, { key }]) => (key === undefined ? [] : [{ index, key }]))
    .sort((a, b) => Buffer.compare(a.key.from, b.key.from));
  for (const [place, { index, key }] of sorted.entries()) {
    const previous = sorted[place - 1];
    if (previous === undefined || Buffer.compare(previous.key.to, key.from) < 0) continue;
    const [first, second] = [previous.index, index].sort((a, b) => a - b);
    throw new FieldError(`${path}[${second!}]`, `overlaps with ${path}[${first!}]; state autoMerge: true, or another interval`);
  }
}

function checkSettings({ policy, size, autoMerge }: Partial<Record<string, unknown>>, flags: readonly SetFlag[], path: string): void {
  if (autoMerge === true && !flags.includes('interval'))
    throw new FieldError(`${path}.autoMerge`, "only intervals can be merged; state the flag 'interval'");
  // The kernel then chooses a tree, which takes keys for the ends of intervals: it rejects the second element with EEXIST.
  if (policy === 'memory' && size !== undefined && (size as number) < LARGE && !flags.includes('interval'))
    throw new FieldError(
      `${path}.policy`,
      `the kernel rejects elements of small sets with this policy; omit it, or the size`,
      'unsupported',
    );
}

/** Returns the set of a row; undefined if its data types are not known. @internal */
export function setOfRow(scope: Scope, row: GetsetReply): SetThing | undefined {
  const { name = '', flags = 0, timeout, gcInterval, desc, policy, expr, expressions: several } = row;
  const userdata = readUserdata(row.userdata);
  const layout = layoutOfRow(row);
  if (layout === undefined) return undefined;
  return setThing(scope, {
    name,
    layout,
    flags: FLAG_NAMES.filter((flag) => (flags & FLAGS[flag]) !== 0),
    comment: textOf(userdata, UserdataType.SetComment),
    timeout: timeout === undefined ? undefined : Number(timeout),
    gcInterval: gcInterval === 0 ? undefined : gcInterval,
    size: desc?.size,
    policy: policy === 'memory' || policy === 1 ? 'memory' : undefined,
    autoMerge: numberOf(userdata, UserdataType.SetMerge) === 1,
    statements: (several?.elem ?? expr ?? []).map(withoutState),
  });
}

/** Returns a statement without what it has counted. */
function withoutState(expression: ExprAttrs): RuleExpression {
  return expression.name === 'counter' ? { name: 'counter', data: {} } : expression;
}

function setThing(scope: Scope, facts: SetFacts): SetThing {
  const { name, layout, comment, flags, timeout, gcInterval, size, policy, autoMerge, statements } = facts;
  const { data } = layout;
  const request = { ...scope, name };
  return {
    space: 'set',
    scope,
    noun: data === undefined ? 'set' : 'map',
    name,
    layout,
    flags,
    autoMerge,
    timeout,
    statements,
    settings: omitUndefined({
      ...typeSettings(layout, false),
      dataInterval: data?.kind === 'value' && data.isInterval ? true : undefined,
      flags: flags.length > 0 ? flags : undefined,
      timeout,
      gcInterval,
      size,
      policy,
      autoMerge: autoMerge ? true : undefined,
      statements: statements.length > 0 ? statements : undefined,
      comment,
    }),
    // A document that names data types accepts a set whose fields nft names.
    comparedWith: ({ settings: { type } }) => (isTypeof(type) ? {} : omitUndefined(typeSettings(layout, true))),
    inPlace: ['timeout', 'gcInterval', 'size'],
    create: () => ({ op: 'newset', request: { ...request, ...setAttributes(facts) }, options: CREATE }),
    remove: () => ({ op: 'delset', request }),
  };
}

function typeSettings(layout: SetLayout, isPlain: boolean): { readonly type: unknown; readonly data: unknown } {
  return { type: fieldNames(layout, isPlain), data: layout.data && dataName(layout.data, isPlain) };
}

const isTypeof = (type: unknown): boolean => typeof type === 'object' && type !== null && 'typeof' in type;

/** The number of a set in a transaction; the kernel requires one, and the name decides. */
const ANY_ID = 1;

function setAttributes({ layout, comment, flags, timeout, gcInterval, size, policy, autoMerge, statements }: SetFacts): NewsetRequest {
  const { flags: layoutFlags, ...attributes } = layoutAttributes(layout);
  const own = flags.reduce((sum, flag) => sum | FLAGS[flag], layoutFlags);
  const fields = layout.types.length > 1 && layout.isInterval ? layout.types.map(({ bytes }) => ({ len: bytes })) : undefined;
  return {
    ...attributes,
    flags: statements.length > 1 ? own | SetFlags.Expr : own,
    id: ANY_ID,
    desc: omitUndefined({ size, concat: fields && { elem: fields } }),
    ...omitUndefined({ policy, gcInterval, timeout: timeout === undefined ? undefined : BigInt(timeout) }),
    ...(statements.length === 1 && { expr: statements }),
    ...(statements.length > 1 && { expressions: { elem: statements } }),
    userdata: setUserdata(layout, autoMerge, comment),
  };
}

/** The orders of bytes in user data of `nft`. */
const ORDERS = { none: 0, host: 1, network: 2 } as const;

/** Returns the user data without which `nft` prints keys and data in the wrong order. */
function setUserdata({ types, parts, data }: SetLayout, autoMerge: boolean, comment: string | undefined): Uint8Array {
  const order = (all: SetLayout['types']): number => (all.length === 1 ? ORDERS[all[0]!.order] : ORDERS.none);
  const entries = new Map<number, Uint8Array>([[UserdataType.SetKeyOrder, numberValue(order(types))]]);
  if (data !== undefined) entries.set(UserdataType.SetDataOrder, numberValue(data.kind === 'value' ? order(data.types) : ORDERS.none));
  const [key, value] = [parts, data?.kind === 'value' ? data.parts : undefined].map((named) => named && typeofParts(named));
  if (key !== undefined) entries.set(UserdataType.SetKeyTypeof, key);
  if (value !== undefined) entries.set(UserdataType.SetDataTypeof, value);
  if (autoMerge) entries.set(UserdataType.SetMerge, numberValue(1));
  if (data?.kind === 'value' && data.isInterval) entries.set(UserdataType.SetDataInterval, numberValue(1));
  if (comment !== undefined) entries.set(UserdataType.SetComment, textValue(comment));
  return writeUserdata(entries)!;
}
