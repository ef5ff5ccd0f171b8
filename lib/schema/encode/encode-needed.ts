import { EncodeError } from '../../errors/index.js';
import type { RequestContext } from '../codec/encode-context.js';
import type { NeedsOneSchema, OperationSchema } from '../descriptor/descriptor.js';
import { isRecord } from '../codec/encode-context.js';
import { ownValue } from './encode-mask.js';

const NONE: readonly string[] = [];

/** Checks that a request selects an object. */
function checkOne({ properties, zeros = NONE, nonzero = NONE, without = NONE, otherwise }: NeedsOneSchema, value: object): void {
  if (!isRecord(value)) return;
  // Loops: a request for one object is short, and functions for each would cost as much as its encoding.
  for (const property of without)
    if (ownValue(value, property) !== undefined) throw new EncodeError(`with it the kernel ${otherwise}`, `.${property}`);
  for (const property of nonzero)
    if (!selects(ownValue(value, property))) throw new EncodeError(`'${property}' is missing or 0: without it the kernel ${otherwise}`);
  for (const property of properties) {
    const given = ownValue(value, property);
    if (selects(given) || (given !== undefined && zeros.includes(property))) return;
  }
  const names = properties.map((property) => `'${property}'`);
  const missing = names.length === 1 ? `${names.join('')} is missing` : `one of ${names.join(', ')} is missing`;
  throw new EncodeError(`${missing}: without it the kernel ${otherwise}`);
}

/** Returns true for a value that selects something. The kernel ignores 0 and a network of all addresses. */
function selects(given: unknown): boolean {
  if (typeof given === 'string') return given !== '' && !given.endsWith('/0');
  return given !== undefined && given !== 0 && given !== 0n;
}

/** Checks that a request has the properties that the kernel needs. @throws EncodeError if one is omitted. @internal */
export function checkNeeded(operation: OperationSchema, value: object, request: RequestContext | undefined): void {
  if (request === undefined) return;
  if (request.mode === 'do' && operation.needsOne !== undefined) checkOne(operation.needsOne, value);
  const needs = operation[request.mode]?.needs;
  if (needs === undefined) return;
  for (const path of needs) {
    let at: unknown = value;
    for (let depth = 0; depth < path.length; depth++) {
      // A value that is not an object is rejected when it is encoded.
      if (!isRecord(at)) break;
      const property = path[depth]!;
      at = ownValue(at, property);
      if (at === undefined) {
        const around = path.slice(0, depth).map((name) => `.${name}`);
        throw new EncodeError(`'${property}' is missing`, around.join(''));
      }
    }
  }
}
