import { GENERIC_HEADER_SIZE } from '../../wire/index.js';
import { type RequestContext, type ValueEncoder, beginMessage, endMessage, isRecord, show } from '../codec/encode-context.js';
import { EncodeError } from '../../errors/index.js';
import { type HeaderField, whenField } from '../decode/header-field.js';
import { type Variants, variantsOf } from '../decode/variants.js';
import type { OperationSchema, ShapeSchema } from '../descriptor/descriptor.js';
import { type OperationMode, shapeOf } from '../descriptor/message-shape.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { checkNeeded } from './encode-needed.js';
import { FamilyEncoders } from './encoders.js';

const families = new WeakMap<SchemaIndex, FamilyEncoders>();
const bodies = new WeakMap<ShapeSchema, Variants<ValueEncoder>>();

/** Returns the encoders of an operation's body, which all codecs of its schema share. */
function bodiesOf(index: SchemaIndex, operation: OperationSchema, mode: OperationMode): Variants<ValueEncoder> {
  const shape = shapeOf(operation, mode);
  let variants = bodies.get(shape);
  if (variants === undefined) {
    let encoders = families.get(index);
    if (encoders === undefined) families.set(index, (encoders = new FamilyEncoders(index)));
    const found = encoders;
    variants = variantsOf(index, { name: operation.name, ...shape }, (set) => found.body({ header: shape.fixedHeader, set, open: true }));
    bodies.set(shape, variants);
  }
  return variants;
}

/** Encodes the messages of an operation in one mode. @internal */
export class OperationEncoder {
  readonly #operation: OperationSchema;
  readonly #version: number | undefined;
  readonly #number: number;
  readonly #bodies: Variants<ValueEncoder>;
  /** The properties that it adds to a request without them: the nests of a dump, members of the header of a do. */
  readonly #defaults: readonly (readonly [property: string, value: unknown])[] | undefined;
  /** The field that identifies the operation among those of its number. */
  readonly #chooser: HeaderField | undefined;
  /** The contexts of requests: for objects that exist, that need not exist, and of which it is not known. */
  readonly #requests:
    { readonly existing: RequestContext; readonly optional: RequestContext; readonly unknown: RequestContext } | undefined;

  /** @param number - Command in the header of a generic netlink message. */
  constructor(index: SchemaIndex, operation: OperationSchema, mode: OperationMode, number: number) {
    const { name, do: doing, emptyNests, defaults } = operation;
    this.#operation = operation;
    this.#version = index.version;
    this.#number = number;
    this.#bodies = bodiesOf(index, operation, mode);
    if (mode !== 'do' && mode !== 'dump') return;
    const request = { operation: name, mode, writes: mode === 'do' && doing?.reply === undefined };
    this.#requests = {
      existing: { ...request, existing: true },
      optional: { ...request, existing: false },
      unknown: { ...request, existing: undefined },
    };
    this.#defaults = mode === 'dump' ? emptyNests?.map((property) => [property, {}] as const) : defaults && Object.entries(defaults);
    this.#chooser = whenField(index, operation, mode);
  }

  /**
   * Encodes the bytes after the netlink header of a message.
   *
   * @param existing - True if the object of a request must exist already; undefined if that is not known.
   */
  encode(value: object, existing: boolean | undefined): Uint8Array {
    const request = this.#requests?.[existing === undefined ? 'unknown' : existing ? 'existing' : 'optional'];
    const whole = this.#defaults === undefined ? value : withDefaults(value, this.#defaults);
    // Each of the encoders rejects a value that is not an object.
    const encode = isRecord(whole) ? this.#bodies.pickFor(whole) : this.#bodies.otherwise;
    const context = beginMessage(
      this.#chooser === undefined || request === undefined ? request : this.#withChooser(this.#chooser, whole, request),
    );
    if (this.#version !== undefined) {
      const at = context.writer.reserve(GENERIC_HEADER_SIZE);
      context.writer.view.setUint8(at, this.#number);
      context.writer.view.setUint8(at + 1, this.#version);
    }
    encode(context, whole, undefined, 0);
    const bytes = endMessage(context);
    // Afterwards: an unknown property is most likely the missing one.
    checkNeeded(this.#operation, value, request);
    return bytes;
  }

  /**
   * Adds the header field that identifies the operation.
   *
   * @throws EncodeError if the request has a value of another operation in it.
   */
  #withChooser(field: HeaderField, value: object, request: RequestContext): RequestContext {
    const { name, when } = this.#operation;
    const { property } = field;
    const { values } = when!;
    const given = Object.hasOwn(value, property) ? (value as Record<string, unknown>)[property] : undefined;
    if (given === undefined) return { ...request, chooser: { property, values } };
    if (values.some((one) => one === given || field.shown(one) === given)) return request;
    throw new EncodeError(`${show(given)} is not for ${name}; expected ${values.join(' or ')}`, `.${property}`);
  }
}

/** Adds what the kernel expects and the caller omitted. */
function withDefaults(value: object, defaults: readonly (readonly [property: string, value: unknown])[]): object {
  if (!isRecord(value)) return value;
  const omitted = defaults.filter(([property]) => value[property] === undefined);
  return omitted.length === 0 ? value : { ...value, ...Object.fromEntries(omitted) };
}
