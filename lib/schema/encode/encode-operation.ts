import { GENERIC_HEADER_SIZE } from '../../wire/index.js';
import { type RequestContext, type ValueEncoder, isRecord, show, withContext } from '../codec/encode-context.js';
import { EncodeError } from '../../errors/index.js';
import { whenField } from '../decode/header-field.js';
import { type Variants, variantsOf } from '../decode/variants.js';
import type { OperationSchema, ShapeSchema } from '../descriptor/descriptor.js';
import { shapeOf } from '../descriptor/message-shape.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { checkNeeded } from './encode-needed.js';
import { FamilyEncoders } from './encoders.js';

const families = new WeakMap<SchemaIndex, FamilyEncoders>();
const bodies = new WeakMap<ShapeSchema, Variants<ValueEncoder>>();

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
  const shape = shapeOf(operation, request?.mode ?? 'reply');
  let variants = bodies.get(shape);
  if (variants === undefined) {
    let encoders = families.get(index);
    if (encoders === undefined) {
      encoders = new FamilyEncoders(index);
      families.set(index, encoders);
    }
    const found = encoders;
    variants = variantsOf(index, { name: operation.name, ...shape }, (set) => found.body({ header: shape.fixedHeader, set, open: true }));
    bodies.set(shape, variants);
  }
  const whole = request === undefined ? value : completed(value, operation, request.mode);
  // Each of the encoders rejects a value that is not an object.
  const encode = isRecord(whole) ? variants.pickFor(whole) : variants.otherwise;
  const { version } = index;
  const bytes = withContext(withChooser(index, operation, whole, request), (context) => {
    if (version !== undefined) {
      const at = context.writer.reserve(GENERIC_HEADER_SIZE);
      context.writer.view.setUint8(at, number);
      context.writer.view.setUint8(at + 1, version);
    }
    encode(context, whole, undefined, 0);
  });
  // Afterwards: an unknown property is most likely the missing one.
  checkNeeded(operation, value, request);
  return bytes;
}

/** Adds what the kernel expects and the caller omitted: the nests of a dump request, members of the header of a do. */
function completed(value: object, { emptyNests, defaults }: OperationSchema, mode: RequestContext['mode']): object {
  const all = mode === 'dump' ? emptyNests?.map((property) => [property, {}] as const) : defaults && Object.entries(defaults);
  if (all === undefined || !isRecord(value)) return value;
  const omitted = all.filter(([property]) => value[property] === undefined);
  return omitted.length === 0 ? value : { ...value, ...Object.fromEntries(omitted) };
}

/**
 * Adds the header field that identifies the operation among those of its number.
 *
 * @throws EncodeError if the request has a value of another operation in it.
 */
function withChooser(
  index: SchemaIndex,
  operation: OperationSchema,
  value: object,
  request: RequestContext | undefined,
): RequestContext | undefined {
  const { when } = operation;
  if (when === undefined || request === undefined) return request;
  const field = whenField(index, operation, request.mode);
  if (field === undefined) return request;
  const { property } = field;
  const given = Object.hasOwn(value, property) ? (value as Record<string, unknown>)[property] : undefined;
  if (given === undefined) return { ...request, chooser: { property, values: when.values } };
  if (when.values.some((one) => one === given || field.shown(one) === given)) return request;
  throw new EncodeError(`${show(given)} is not for ${operation.name}; expected ${when.values.join(' or ')}`, `.${property}`);
}
