import { omitUndefined } from '../../../check/index.js';
import { SetElemFlags, type ExprAttrs, type SetelemAttrs, type SetelemAttrsInput, type VerdictAttrs } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import type { Read } from '../../common/written.js';
import { boolean, wholeTime } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import { keyInNetworkOrder, parseKey, printKey, type KeyTypes } from '../data/key.js';
import { parseVerdict, printVerdict } from '../data/verdict.js';
import type { MapElement, SetElement } from '../firewall.js';
import { commentCheck, nameCheck } from './chain.js';
import { elementTime, timeDocument } from './element-time.js';
import { after, pairIntervals } from './interval-rows.js';
import type { MapData, SetLayout } from './set-layout.js';
import { commentOf, commentUserdata } from './userdata.js';

/** An element in the form in which it is compared. @internal */
export interface Element {
  /** Its identity in the set. */
  readonly id: string;
  /** The first and the last key as the kernel has them; absent for the element that matches everything else. */
  readonly key?: { readonly from: Buffer; readonly to: Buffer } | undefined;
  readonly data?: ElementData | undefined;
  /** Milliseconds; `null` for never; undefined for the set's. */
  readonly timeout?: number | null | undefined;
  /** Milliseconds that are left; it is not compared. */
  readonly expires?: number | undefined;
  readonly comment?: string | undefined;
  /** Statements of the element, with their state. */
  readonly expressions: readonly ExprAttrs[];
}

/** The data of an element of a map. @internal */
export type ElementData = { readonly verdict: VerdictAttrs } | { readonly object: string } | { readonly value: Buffer };

/** The key of the element that matches what no other element matches. */
const CATCH_ALL = '*';

const shape: Shape = {
  fields: {
    value: (value) => value,
    data: (value) => value,
    timeout: elementTime,
    comment: commentCheck,
    counter: boolean,
  },
  nullable: ['timeout'],
  out: ['expires', 'packets', 'bytes'],
};

/** An element that was read has the time that is left; its own time is milliseconds. */
const readShape: Shape = { ...shape, fields: { ...shape.fields, timeout: wholeTime } };

/** An element whose properties are checked. */
type Checked = Omit<MapElement<Read>, 'timeout'> & { readonly timeout?: number };

/** Checks an element of a document. @throws FieldError @internal */
export function parseElement(layout: SetLayout, value: unknown, path: string): Element {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'concat');
  const given = normalise<Checked>(isObject && 'expires' in value ? readShape : shape, isObject ? value : { value }, path);
  if (given.value === undefined) throw new FieldError(isObject ? `${path}.value` : path, 'is required');
  const keyPath = isObject ? `${path}.value` : path;
  const { data, timeout, comment, counter } = given;
  if (layout.data === undefined && data !== undefined) throw new FieldError(`${path}.data`, 'only maps have data');
  const element = {
    data: layout.data === undefined ? undefined : parseData(layout.data, data, `${path}.data`),
    timeout: timeout === 0 ? null : timeout,
    comment: comment ?? undefined,
    expressions: counter === true ? [{ name: 'counter', data: {} } as const] : [],
  };
  if (given.value === CATCH_ALL) return { id: CATCH_ALL, ...element };
  return withKey(parseElementKey(layout, given.value, keyPath), element);
}

/** Returns the first and the last key as the kernel has them. @throws FieldError @internal */
function parseElementKey({ types, isInterval }: SetLayout, value: unknown, path: string): { readonly from: Buffer; readonly to: Buffer } {
  const { from, to } = parseKey(types, value, path);
  if (isInterval) return { from: inOrder(types, from), to: inOrder(types, to) };
  if (from.equals(to)) return { from, to };
  throw new FieldError(path, "ranges need the flag 'interval' of the set");
}

/** Converts a key between its own order and that of intervals. Names are compared from their first character. */
function inOrder(types: KeyTypes, key: Buffer): Buffer {
  return types.length === 1 && types[0]!.name === 'ifname' ? key : keyInNetworkOrder(types, key);
}

function parseData(kind: MapData, value: unknown, path: string): ElementData {
  if (value === undefined) throw new FieldError(path, 'is required');
  if (kind.kind === 'verdict') return { verdict: parseVerdict(value, path) };
  if (kind.kind === 'object') return { object: nameCheck(value, path) };
  const { from, to } = parseKey(kind.types, value, path);
  if (kind.isInterval) return { value: Buffer.concat([from, to]) };
  if (from.equals(to)) return { value: from };
  throw new FieldError(path, 'ranges need dataInterval: true of the map');
}

function withKey(key: { readonly from: Buffer; readonly to: Buffer }, element: Omit<Element, 'id' | 'key'>): Element {
  const from = key.from.toString('hex');
  const to = key.to === key.from ? from : key.to.toString('hex');
  return { id: from === to ? from : `${from}-${to}`, key, ...element };
}

/** Returns the elements of rows. @internal */
export function elementsOfRows(
  { types, isInterval }: SetLayout,
  rows: readonly SetelemAttrs[],
  defaultTimeout?: number,
): readonly Element[] {
  const isCatchAll = ({ flags = 0 }: SetelemAttrs): boolean => (flags & SetElemFlags.Catchall) !== 0;
  const content = (row: SetelemAttrs): Omit<Element, 'id' | 'key'> => ({
    data: dataOfRow(row),
    timeout: row.timeout === undefined ? undefined : timeoutOf(Number(row.timeout), defaultTimeout),
    expires: row.expiration === undefined ? undefined : Number(row.expiration),
    comment: commentOf(row.userdata),
    expressions: row.expressions?.elem ?? (row.expr === undefined ? [] : [row.expr]),
  });
  const others = rows.filter((row) => !isCatchAll(row));
  const keyed =
    isInterval && types.length === 1
      ? pairIntervals(others).map(({ row, from, to }) => withKey({ from, to }, content(row)))
      : others.map((row) => {
          const from = Buffer.from(row.key?.value ?? []);
          return withKey({ from, to: row.keyEnd?.value === undefined ? from : Buffer.from(row.keyEnd.value) }, content(row));
        });
  return [...keyed, ...rows.filter(isCatchAll).map((row) => ({ id: CATCH_ALL, ...content(row) }))];
}

function timeoutOf(timeout: number, defaultTimeout: number | undefined): number | null | undefined {
  if (timeout === 0) return defaultTimeout === undefined ? undefined : null;
  return timeout === defaultTimeout ? undefined : timeout;
}

function dataOfRow({ data, objref }: SetelemAttrs): ElementData | undefined {
  if (objref !== undefined) return { object: objref };
  if (data?.verdict !== undefined) return { verdict: data.verdict };
  return data?.value === undefined ? undefined : { value: Buffer.from(data.value) };
}

/** Returns the rows of an element, for requests that add it; without its settings, for those that delete it. @internal */
export function elementRows({ types, isInterval }: SetLayout, element: Element, isDeleted = false): readonly SetelemAttrsInput[] {
  const settings = isDeleted ? {} : settingsOf(element);
  const { key } = element;
  if (key === undefined) return [{ flags: SetElemFlags.Catchall, ...settings }];
  const start = { key: { value: key.from }, ...settings };
  if (!isInterval) return [start];
  if (types.length > 1) return [{ ...start, keyEnd: { value: key.to } }];
  const end = after(key.to);
  return end === undefined ? [start] : [start, { key: { value: end }, flags: SetElemFlags.IntervalEnd }];
}

function settingsOf({ data, timeout, comment, expressions }: Element): SetelemAttrsInput {
  return {
    ...(data !== undefined && ('object' in data ? { objref: data.object } : { data })),
    ...(timeout !== undefined && { timeout: BigInt(timeout ?? 0) }),
    ...(expressions.length === 1 && { expr: expressions[0]! }),
    ...(expressions.length > 1 && { expressions: { elem: expressions } }),
    ...commentUserdata(comment),
  };
}

/** Returns an element as a document has it. @internal */
export function elementDocument(layout: SetLayout, element: Element, hasStatements: boolean): SetElement | MapElement {
  const { key, data, timeout, comment, expressions } = element;
  const value = key === undefined ? CATCH_ALL : printElementKey(layout, key);
  const counter = !hasStatements && expressions.some(({ name }) => name === 'counter') ? true : undefined;
  const time = typeof timeout === 'number' ? timeDocument(timeout) : timeout;
  const settings = omitUndefined({ data: data && printData(layout.data!, data), timeout: time, comment, counter });
  return Object.keys(settings).length === 0 ? value : { value, ...settings };
}

function printElementKey({ types, isInterval }: SetLayout, { from, to }: { readonly from: Buffer; readonly to: Buffer }): string | number {
  return printKey(types, isInterval ? { from: inOrder(types, from), to: inOrder(types, to) } : { from, to });
}

function printData(kind: MapData, data: ElementData): MapElement['data'] {
  if ('object' in data) return data.object;
  if ('verdict' in data) return printVerdict(data.verdict) ?? String(data.verdict.code);
  if (kind.kind !== 'value') return '';
  const half = data.value.length / 2;
  const [from, to] = kind.isInterval ? [data.value.subarray(0, half), data.value.subarray(half)] : [data.value, data.value];
  return printKey(kind.types, { from: Buffer.from(from), to: Buffer.from(to) });
}

/** Returns an element as a text of differences. @internal */
export function elementText(layout: SetLayout, element: Element): string {
  const value = element.key === undefined ? CATCH_ALL : String(printElementKey(layout, element.key));
  if (element.data === undefined) return value;
  const data = printData(layout.data!, element.data);
  return `${value} : ${typeof data === 'object' ? Object.entries(data).flat().join(' ') : data}`;
}
