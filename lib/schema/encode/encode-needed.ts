import { EncodeError } from '../../errors/index.js';
import type { RequestContext } from '../codec/encode-context.js';
import type { NeedsOneSchema, OperationSchema } from '../descriptor/descriptor.js';
import { isRecord } from '../codec/encode-context.js';
import { ownValue } from './encode-mask.js';

const NONE: readonly string[] = [];

/** Checks that a request selects an object. */
function checkOne({ properties, zeros = NONE, nonzero = NONE, without = NONE, otherwise }: NeedsOneSchema, value: object): void {
  if (!isRecord(value)) return;
  const beside = without.find((property) => ownValue(value, property) !== undefined);
  if (beside !== undefined) throw new EncodeError(`with it the kernel ${otherwise}`, `.${beside}`);
  const zero = nonzero.find((property) => !selects(ownValue(value, property)));
  if (zero !== undefined) throw new EncodeError(`'${zero}' is missing or 0: without it the kernel ${otherwise}`);
  const isSelected = properties.some((property) => {
    const given = ownValue(value, property);
    return selects(given) || (given !== undefined && zeros.includes(property));
  });
  if (isSelected) return;
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
