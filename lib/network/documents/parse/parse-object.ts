import { FieldError } from '../../common/field-error.js';
import { translated, type Work } from '../../common/slices.js';
import { boolean, shown } from '../../fields/check.js';
import { hasOther, isRead, refuseState } from '../../fields/refuse-state.js';
import { normalise } from '../../fields/shape.js';
import { requireKey } from '../../tables/require-key.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { ParsedObject } from './parsed-document.js';
import { located } from './path.js';

/** A routing table that stands for that of a VRF whose number is not known yet. */
const ANY_TABLE = 1;

/** Returns a value as an object. @throws FieldError if it is none, or one of its properties is `undefined`. @internal */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FieldError('', `expected an object, not ${shown(value)}`);
  const given = value as Readonly<Record<string, unknown>>;
  for (const name in given)
    if (given[name] === undefined) throw new FieldError(name, 'undefined is not a value; omit the property to leave it alone');
  return given;
}

/** An object of a list. Only errors and changes need its path: a document may have 100,000 objects. @internal */
export class ListedObject implements ParsedObject {
  declare readonly wanted: Wanted;
  declare readonly key: Wanted;
  declare readonly absent: boolean;
  declare readonly takeOver: boolean;
  declare readonly list: string;
  declare readonly index: number;

  constructor(list: string, index: number, wanted: Wanted, key: Wanted, absent: boolean, takeOver: boolean) {
    this.wanted = wanted;
    this.key = key;
    this.absent = absent;
    this.takeOver = takeOver;
    this.list = list;
    this.index = index;
  }

  get path(): string {
    return `${this.list}[${this.index}]`;
  }
}

/** Parses the elements of a list. @throws FieldError @internal */
export function parseList<T>(path: string, value: unknown, parse: (element: unknown, index: number) => T): readonly T[] {
  return arrayOf(path, value).map((element, index) => parseElement(path, element, index, parse));
}

/** Parses the elements of a list that may be long. @throws FieldError @internal */
export function parseLongList<T>(path: string, value: unknown, parse: (element: unknown, index: number) => T): Work<readonly T[]> {
  return translated(arrayOf(path, value), (element, index) => parseElement(path, element, index, parse));
}

function arrayOf(path: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldError(path, `expected an array, not ${shown(value)}`);
  return value;
}

function parseElement<T>(path: string, element: unknown, index: number, parse: (element: unknown, index: number) => T): T {
  try {
    return parse(element, index);
  } catch (error) {
    throw located(`${path}[${index}]`, error);
  }
}

/**
 * Brings the properties of an object into the form of readers, and checks them.
 *
 * @param others - Properties that a document has besides these, for error texts.
 * @throws FieldError
 * @internal
 */
export function wholeOf(model: TableModel<object>, given: unknown, others?: readonly string[]): Wanted {
  const { shape } = model;
  if (hasOther(given as object, shape)) requireIndex(model, given as object);
  const normal = normalise(shape, given, '', others);
  if (!isRead(model.always, given as object)) model.checkGiven?.(given as object);
  const wanted = model.complete === undefined ? normal : model.complete(normal as Record<string, unknown>);
  model.check?.(wanted);
  return wanted;
}

/**
 * Objects that were read have an index of a link; the state in them is ignored, so that they can be written again.
 *
 * @throws FieldError if another object has a property that only readers return.
 */
function requireIndex({ table, shape }: TableModel<object>, given: object): void {
  if ('index' in given || 'linkIndex' in given) return;
  // These may have no link, so that nothing marks those that were read.
  if (table === 'rules' || table === 'nexthops' || (table === 'routes' && !('via' in given || 'link' in given))) return;
  refuseState(shape, given, ['family']);
}

/**
 * Parses an object of a table that has a list of its own in a document.
 *
 * @param vrfTables - The routing tables of the VRFs of the document, by name. Another name may be that of a VRF of the kernel.
 * @throws FieldError
 * @internal
 */
export function parseObject(
  model: TableModel<object>,
  value: unknown,
  index: number,
  vrfTables: ReadonlyMap<string, number>,
): ParsedObject {
  const given = objectOf(value);
  const isAbsent = onlyTrue('absent', given['absent'], 'absent' in given);
  const takesOver = onlyTrue('takeOver', given['takeOver'], 'takeOver' in given);
  if (takesOver && model.table !== 'routes') throw new FieldError('takeOver', 'only routes have it');
  if (takesOver && isAbsent) throw new FieldError('takeOver', 'is not valid beside absent');
  const wanted = withTable(model, isAbsent || takesOver ? withoutVerbs(given) : given, vrfTables, isAbsent ? absentOf : wholeObject);
  return new ListedObject(model.table, index, wanted, isAbsent ? wanted : model.keyOf(wanted), isAbsent, takesOver);
}

/** Accepts `true` only; an absent property is false. @throws FieldError @internal */
export function onlyTrue(name: string, value: unknown, isGiven: boolean): boolean {
  if (!isGiven) return false;
  if (!boolean(value, name)) throw new FieldError(name, 'expected true; omit the property otherwise');
  return true;
}

/** Parses an object with the number of the table of a VRF; the name of a VRF that the document does not create is kept. */
function withTable(
  model: TableModel<object>,
  given: Readonly<Record<string, unknown>>,
  vrfTables: ReadonlyMap<string, number>,
  parse: (model: TableModel<object>, given: object) => Wanted,
): Wanted {
  const { tableNames } = model;
  const { table } = given;
  if (tableNames === undefined || typeof table !== 'string' || tableNames.has(table)) return parse(model, given);
  const number = vrfTables.get(table);
  if (number !== undefined) return parse(model, { ...given, table: number });
  return { ...parse(model, { ...given, table: ANY_TABLE }), table };
}

function wholeObject(model: TableModel<object>, given: object): Wanted {
  return wholeOf(model, given, model.table === 'routes' ? ['absent', 'takeOver'] : ['absent']);
}

function withoutVerbs({ absent: _absent, takeOver: _takeOver, ...rest }: Readonly<Record<string, unknown>>): typeof rest {
  return rest;
}

/** Returns the key of an object that shall not exist. */
function absentOf(model: TableModel<object>, given: object): Wanted {
  const key = normalise(model.key, model.readKey === undefined ? given : model.readKey(given));
  requireKey(model, key);
  return model.complete === undefined ? key : model.complete(key as Record<string, unknown>);
}
