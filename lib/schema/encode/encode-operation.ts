import { GENERIC_HEADER_SIZE } from '../../wire/index.js';
import { type RequestContext, type ValueEncoder, isRecord, withContext } from '../codec/encode-context.js';
import { type Variants, variantsOf } from '../decode/variants.js';
import type { OperationSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { FamilyEncoders } from './encoders.js';

const families = new WeakMap<SchemaIndex, FamilyEncoders>();
const operations = new WeakMap<OperationSchema, Variants<ValueEncoder>>();

/**
 * Encodes the bytes after the netlink header of an operation's message.
 *
 * @param number - Command in the header of a generic netlink message.
 * @param request - Undefined for a message that the kernel would send.
 * @internal
 */
export function encodeOperation(
  index: SchemaIndex,
  operation: OperationSchema,
  value: object,
  number: number,
  request: RequestContext | undefined,
): Uint8Array {
  let variants = operations.get(operation);
  if (variants === undefined) {
    let encoders = families.get(index);
    if (encoders === undefined) {
      encoders = new FamilyEncoders(index);
      families.set(index, encoders);
    }
    const found = encoders;
    variants = variantsOf(index, operation, (set) => found.body({ header: operation.fixedHeader, set, open: true }));
    operations.set(operation, variants);
  }
  const whole = request?.mode === 'dump' ? withEmptyNests(value, operation.emptyNests) : value;
  // Each of the encoders rejects a value that is not an object.
  const encode = isRecord(whole) ? variants.pickFor(whole) : variants.otherwise;
  const version = index.schema.generic?.version;
  return withContext(request, (context) => {
    if (version !== undefined) {
      const at = context.writer.reserve(GENERIC_HEADER_SIZE);
      context.writer.view.setUint8(at, number);
      context.writer.view.setUint8(at + 1, version);
    }
    encode(context, whole, undefined, 0);
  });
}

/** Adds the nests that the kernel expects in a dump request and that the caller omitted. */
function withEmptyNests(value: object, properties: readonly string[] | undefined): object {
  if (properties === undefined || !isRecord(value)) return value;
  const omitted = properties.filter((property) => value[property] === undefined);
  return omitted.length === 0 ? value : { ...value, ...Object.fromEntries(omitted.map((property) => [property, {}])) };
}
