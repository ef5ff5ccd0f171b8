import { DecodeError } from '../errors/index.js';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE, MessageFlags, type Message } from '../wire/index.js';
import { Frame } from '../wire/internal.js';
import { pathAt } from './explain/attribute-path.js';
import type { BackEnd, BodyDecoder } from './codec/back-end.js';
import { DecodeFault } from './codec/decode-fault.js';
import { BoundedMap } from './decode/bounded-map.js';
import { closureDecoders } from './decode/closure-decoders.js';
import { compiledDecoders, mayCompile } from './decode/compiled-decoders.js';
import type { FamilySchema, OperationSchema } from './descriptor/descriptor.js';
import { OperationEncoder } from './encode/operation-encoder.js';
import { type OperationMode } from './descriptor/message-shape.js';
import { canonicalPick, MOST_PICKS, propertiesOf } from './descriptor/pick.js';
import { type SchemaIndex, indexSchema } from './descriptor/schema-index.js';
import { suggestion } from '../check/index.js';
import { type Variants, variantsOf } from './decode/variants.js';

export type { OperationMode } from './descriptor/message-shape.js';

/** The decoders of a codec: generated code, or closures. @public */
export type BackEndKind = 'compiled' | 'closures';

/**
 * Decodes and encodes the messages of one operation.
 *
 * {@link operationCodec} makes one for each schema and operation. Decoders are compiled when a message first needs them.
 *
 * @public
 */
export class OperationCodec {
  /** The operation in the schema. */
  readonly operation: OperationSchema;
  /** The properties that it decodes, sorted; undefined if it decodes all. */
  readonly picked: readonly string[] | undefined;
  readonly #index: SchemaIndex;
  readonly #backEnd: BackEnd;
  readonly #variants: Variants<BodyDecoder>;
  readonly #prefix: number;
  #properties: readonly string[] | undefined;
  #known: ReadonlySet<string> | undefined;
  readonly #picks = new BoundedMap<string, OperationCodec>(MOST_PICKS);
  /** The latest pick as it was given: most programs repeat one. */
  #latest: { readonly given: readonly string[]; readonly codec: OperationCodec } | undefined;
  readonly #encoders = new Map<OperationMode, OperationEncoder>();

  /** @internal use {@link operationCodec} */
  constructor(index: SchemaIndex, operation: OperationSchema, backEnd: BackEnd, pick?: readonly string[]) {
    this.operation = operation;
    this.picked = pick;
    this.#index = index;
    this.#backEnd = backEnd;
    this.#variants = variantsOf(index, operation, (set) => backEnd.body({ header: operation.fixedHeader, set, open: true, pick }));
    this.#prefix = index.schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE;
  }

  /**
   * The number of attributes that all codecs of this schema have kept under {@link Unknown} since the program began.
   *
   * Compare it before and after a decode: a difference means that the value has unknown attributes.
   */
  get kept(): number {
    return this.#backEnd.kept;
  }

  /**
   * Returns a codec that decodes some properties only, each completely. It skips the rest of a message, also unknown attributes.
   *
   * Equal picks share a codec, as long as a program does not use too many. Encoding is the same as without a pick.
   *
   * @param properties - Names of header fields and attributes of the message itself.
   * @throws TypeError for a property that the operation's messages do not have.
   */
  pick(properties: readonly string[]): OperationCodec {
    if (this.#latest !== undefined && haveSameNames(this.#latest.given, properties)) return this.#latest.codec;
    this.#known ??= new Set(this.properties);
    const pick = canonicalPick(this.#known, properties, `${this.operation.name} of ${this.#index.schema.name}`);
    const codec = this.#picks.get(JSON.stringify(pick), () => new OperationCodec(this.#index, this.operation, this.#backEnd, [...pick]));
    this.#latest = { given: [...properties], codec };
    return codec;
  }

  /** The names of the properties that its messages may have: header fields, then attributes. */
  get properties(): readonly string[] {
    return (this.#properties ??= propertiesOf(this.#index, this.operation));
  }

  /**
   * Decodes a message: header fields, then attributes in the order of the wire.
   *
   * @throws {@link DecodeError} if a length in it is wrong; its offset counts from the start of the payload.
   */
  decode(message: Message): object {
    return this.#decode(message.frame, message.start + MESSAGE_HEADER_SIZE, message.start + message.length);
  }

  /**
   * Decodes the bytes after a message's header; they may be at any offset of their buffer.
   *
   * @throws {@link DecodeError} if a length in it is wrong.
   */
  decodePayload(payload: Uint8Array): object {
    return this.#decode(Frame.of(payload), 0, payload.length);
  }

  /**
   * Decodes the bytes after the header of a request, which may have another shape than replies.
   *
   * Zeros after a request without a header are ignored, as the kernel does: auditctl sends an empty struct.
   *
   * @param mode - The mode of the request.
   * @throws {@link DecodeError} if a length in it is wrong.
   */
  decodeRequest(payload: Uint8Array, mode: 'do' | 'dump'): object {
    const input = this.operation[mode]?.input;
    if (input === undefined) return this.decodePayload(payload);
    const { fixedHeader: header, set } = input;
    const known = propertiesOf(this.#index, input);
    const pick = this.picked?.filter((property) => known.includes(property));
    const variants = variantsOf(this.#index, { name: this.operation.name, ...input }, () =>
      this.#backEnd.body({ header, set, open: true, pick }),
    );
    const isEmpty = header === undefined && payload.subarray(this.#prefix).every((byte) => byte === 0);
    return this.#decode(Frame.of(payload), 0, isEmpty ? Math.min(this.#prefix, payload.length) : payload.length, variants, mode);
  }

  /**
   * Encodes a message: the bytes after its netlink header.
   *
   * A `do` without a reply omits the values that the kernel reports but does not accept ({@link WriteRule}), so a row can be written back. Addresses of `do`
   * and `dump` are checked and completed as the schema declares ({@link AddressSchema}).
   *
   * @param request - Properties by name. Omitted attributes are not sent, omitted header fields are 0.
   * @param mode - Chooses the number in a generic netlink header; if omitted, the first of `do`, `dump` and `notify` that the operation has.
   * @param flags - Flags of the request's netlink header: `Create` means that its object need not exist.
   * @throws `EncodeError` that names the attribute, if a value does not fit the schema.
   */
  encode(request: object, mode?: OperationMode, flags?: number): Uint8Array {
    const chosen = mode ?? this.#firstMode;
    const encoder = this.#encoders.get(chosen) ?? this.#makeEncoder(chosen, mode);
    return encoder.encode(request, flags === undefined ? undefined : (flags & MessageFlags.Create) === 0);
  }

  #makeEncoder(chosen: OperationMode, mode: OperationMode | undefined): OperationEncoder {
    const number = this.#number(chosen);
    if (number === undefined) throw new TypeError(`${this.operation.name} of ${this.#index.schema.name} has no ${mode ?? 'number'}`);
    const encoder = new OperationEncoder(this.#index, this.operation, chosen, number);
    this.#encoders.set(chosen, encoder);
    return encoder;
  }

  get #firstMode(): OperationMode {
    const { do: doing, dump } = this.operation;
    return doing === undefined ? (dump === undefined ? 'notify' : 'dump') : 'do';
  }

  #number(mode: OperationMode): number | undefined {
    const { command, do: doing, dump } = this.operation;
    if (mode === 'notify') return command;
    if (mode !== 'reply') return (mode === 'do' ? doing : dump)?.request;
    return doing?.reply ?? dump?.reply ?? doing?.request ?? dump?.request ?? command;
  }

  #decode({ words, bytes }: Frame, payload: number, end: number, variants = this.#variants, mode: OperationMode = 'reply'): object {
    const start = payload + this.#prefix;
    let value: object | undefined;
    try {
      const decode = variants.cases.length === 0 ? variants.otherwise : variants.pick(bytes, start, end);
      if (start <= end) value = decode(words, bytes, start, end, undefined, 0);
    } catch (error) {
      if (!(error instanceof DecodeFault)) throw error;
      const path = pathAt(this.#index, this.operation, mode, bytes.subarray(payload, end), error.offset - payload, 0);
      throw new DecodeError(error.message, error.offset - payload, path ?? '');
    }
    if (value !== undefined) return value;
    throw new DecodeError(`header of ${this.operation.name}: expected more than ${Math.max(0, end - start)} bytes`, 0);
  }
}

interface Family {
  readonly index: SchemaIndex;
  readonly backEnd: BackEnd;
  readonly codecs: Map<string, OperationCodec>;
}

const families: Readonly<Record<BackEndKind, WeakMap<FamilySchema, Family>>> = { compiled: new WeakMap(), closures: new WeakMap() };

/**
 * Returns the codec of an operation; it is made once.
 *
 * @param schema - A family's descriptor; its codecs are kept as long as the descriptor.
 * @param operation - The kernel's name, e.g. `'getlink'`.
 * @param kind - By default compiled; closures if the program forbids code from strings.
 * @throws TypeError if the family has no such operation.
 * @public
 */
export function operationCodec(
  schema: FamilySchema,
  operation: string,
  kind: BackEndKind = mayCompile() ? 'compiled' : 'closures',
): OperationCodec {
  let family = families[kind].get(schema);
  if (family === undefined) {
    const index = indexSchema(schema);
    family = { index, backEnd: kind === 'compiled' ? compiledDecoders(index) : closureDecoders(index), codecs: new Map() };
    families[kind].set(schema, family);
  }
  let codec = family.codecs.get(operation);
  if (codec === undefined) {
    const found = family.index.operation(operation);
    if (found === undefined) {
      const names = schema.operations.map(({ name }) => name);
      const similar = suggestion(operation, names, ': ');
      const known = similar === '' ? `; it has ${listed(names)}` : similar;
      throw new TypeError(`${schema.name} has no operation '${operation}'${known}`);
    }
    codec = new OperationCodec(family.index, found, family.backEnd);
    family.codecs.set(operation, codec);
  }
  return codec;
}

function haveSameNames(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

/** The most names in a text. */
const MOST_NAMES = 16;

function listed(names: readonly string[]): string {
  return names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more` : names.join(', ');
}
