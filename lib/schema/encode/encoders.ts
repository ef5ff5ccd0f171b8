import { type BodySchema, type Scope, bodyKey } from '../decode/back-end.js';
import type { StructSchema, ValueSchema } from '../descriptor/descriptor.js';
import { type BodyEncoder, makeBodyEncoder } from './encode-body.js';
import {
  indexedListEncoder,
  orderedListEncoder,
  recordListEncoder,
  scalarListEncoder,
  structListEncoder,
  typeValueEncoder,
} from './encode-composite.js';
import { type EncodeContext, type ValueEncoder, show } from './encode-context.js';
import { bitfieldEncoder, integerEncoder, sizedIntegerEncoder } from './encode-integer.js';
import { makeStructEncoder } from './encode-struct.js';
import { addressEncoder } from './encode-address.js';
import { bytesEncoder, socketAddressEncoder, stringEncoder, uuidEncoder } from './encode-text.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { shapeOf } from '../descriptor/shape.js';

/**
 * The encoders of a family; each made but once.
 *
 * They are closures in both back ends: an object's properties come in the caller's order, so there is no straight line to follow.
 *
 * @internal
 */
export class Encoders {
  readonly index: SchemaIndex;
  readonly #bodies: Map<string, BodyEncoder> = new Map();
  readonly #structs: Map<string, ValueEncoder> = new Map();

  constructor(index: SchemaIndex) {
    this.index = index;
  }

  /** The encoder of header fields and attributes. It is made when first called: sets may hold themselves. */
  body(body: BodySchema): BodyEncoder {
    const key = bodyKey(body);
    let encode = this.#bodies.get(key);
    if (encode === undefined) {
      let made: BodyEncoder | undefined;
      encode = (context: EncodeContext, value: unknown, scope: Scope | undefined, depth: number) => {
        made ??= makeBodyEncoder(this, body);
        made(context, value, scope, depth);
      };
      this.#bodies.set(key, encode);
    }
    return encode;
  }

  struct(struct: StructSchema): ValueEncoder {
    let encode = this.#structs.get(struct.name);
    if (encode === undefined) {
      encode = makeStructEncoder(this, struct);
      this.#structs.set(struct.name, encode);
    }
    return encode;
  }

  /** The encoder of a value's payload. */
  value(value: ValueSchema): ValueEncoder {
    const shape = shapeOf(this.index, value);
    const { checks } = value;
    switch (shape.kind) {
      case 'integer':
        return integerEncoder(shape, checks);
      case 'sized-integer':
        return sizedIntegerEncoder(shape.signed, shape.names, checks);
      case 'string':
        return stringEncoder(checks);
      case 'bytes':
        return bytesEncoder(checks, shape.base64);
      case 'uuid':
        return uuidEncoder(checks);
      case 'socket-address':
        return socketAddressEncoder(checks);
      case 'address':
        return addressEncoder(value);
      case 'bitfield32':
        return bitfieldEncoder;
      case 'flag':
        return (context, given) => {
          if (given !== true) context.fail(`${show(given)} is not true`);
        };
      case 'struct':
        return this.struct(shape.struct);
      case 'struct-list':
        return structListEncoder(this.struct(shape.struct));
      case 'scalar-list':
        return scalarListEncoder(integerEncoder(shape.element, value.element?.checks));
      case 'nest':
        return this.body({ header: shape.header, set: shape.set });
      case 'ordered-list':
        return orderedListEncoder(this, shape.set);
      case 'indexed-list':
        return indexedListEncoder(this, shape.element);
      case 'type-value':
        return typeValueEncoder(this, shape.names, shape.element);
      case 'records':
        return recordListEncoder(this, shape);
      case 'pad':
      case 'unused':
        return (context) => context.fail('it is never written');
      case 'sub-message':
        throw new TypeError('a sub-message stands outside of a set');
    }
  }
}
