import { AttributeFlags, NEST_DEPTH_LIMIT } from '../../wire/index.js';
import { kindOf } from '../../wire/internal.js';
import { type EncodeContext, show } from './encode-context.js';

/** Writes an attribute; a function writes its payload. @internal */
export function attribute(context: EncodeContext, type: number, fill: () => void): void {
  const { writer } = context;
  const start = writer.openAttribute(type);
  fill();
  closeAttribute(context, start);
}

/** Writes the length of the attribute that starts at an offset. @internal */
export function closeAttribute(context: EncodeContext, start: number): void {
  const length = context.writer.closeAttribute(start);
  if (length > 0xffff) context.fail(`expected at most 65535 bytes for an attribute, got ${length}`);
}

/** Returns an attribute's type, with the flag NESTED if its payload consists of attributes. @internal */
export function typeOf(id: number, isNested: boolean): number {
  return id | (isNested ? AttributeFlags.Nested : 0);
}

/** Rejects nests that are too deep; an object that contains itself is one. @internal */
export function checkDepth(context: EncodeContext, depth: number): void {
  if (depth > NEST_DEPTH_LIMIT) context.fail(`expected at most ${NEST_DEPTH_LIMIT} levels of nests`);
}

/** Calls a function for each item of an array, with the item's index in the path. @internal */
export function eachItem(context: EncodeContext, value: unknown, write: (item: unknown, at: number) => void): void {
  if (!Array.isArray(value)) return context.fail(`${kindOf(value)} is not an array`);
  for (const [at, item] of (value as unknown[]).entries()) {
    context.path.push(at);
    write(item, at);
    context.path.pop();
  }
}

/** Checks a number that becomes an attribute's type. @internal */
export function checkType(context: EncodeContext, type: unknown, what: string): asserts type is number {
  if (typeof type !== 'number' || type !== (type & AttributeFlags.TypeMask)) context.fail(`${show(type)} is not ${what} from 0 to 16383`);
}
