import { EncodeError } from '../../errors/index.js';
import type { RequestContext } from '../codec/encode-context.js';
import type { NeedsOneSchema, OperationSchema } from '../descriptor/descriptor.js';
import { isRecord } from '../codec/encode-context.js';
import { ownValue } from './encode-mask.js';

/** Checks that a request selects an object. */
function checkOne({ properties, otherwise }: NeedsOneSchema, value: object): void {
  if (!isRecord(value) || properties.some((property) => ownValue(value, property) !== undefined)) return;
  const names = properties.map((property) => `'${property}'`);
  const missing = names.length === 1 ? `${names.join('')} is missing` : `one of ${names.join(', ')} is missing`;
  throw new EncodeError(`${missing}: without it the kernel ${otherwise}`);
}

/** Checks that a request has the properties that the kernel needs. @throws EncodeError if one is omitted. @internal */
export function checkNeeded(operation: OperationSchema, value: object, request: RequestContext | undefined): void {
  if (request === undefined) return;
  if (request.mode === 'do' && operation.needsOne !== undefined) checkOne(operation.needsOne, value);
  const needs = operation[request.mode]?.needs;
  if (needs === undefined) return;
  for (const path of needs) {
    let at: unknown = value;
    for (const [depth, property] of path.entries()) {
      // A value that is not an object is rejected when it is encoded.
      if (!isRecord(at)) break;
      at = ownValue(at, property);
      if (at === undefined) {
        const around = path.slice(0, depth).map((name) => `.${name}`);
        throw new EncodeError(`'${property}' is missing`, around.join(''));
      }
    }
  }
}
