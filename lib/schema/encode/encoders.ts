import type { BodySchema, Scope } from '../codec/back-end.js';
import type { EncodeContext, Encoders, ValueEncoder } from '../codec/encode-context.js';
import type { StructLayout } from '../codec/schema-names.js';
import type { ValueFields } from '../codec/value-fields.js';
import { BodyCache } from '../decode/body-cache.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec } from '../kinds/table.js';
import { makeBodyEncoder } from './encode-body.js';
import { makeStructEncoder } from './encode-struct.js';

/**
 * The encoders of a family; each is made once.
 *
 * They are closures in both back ends: the properties of a request are in the caller's order, so there is no straight-line code to generate.
 *
 * @internal
 */
export class FamilyEncoders implements Encoders {
  readonly names: SchemaIndex;
  readonly #bodies: BodyCache<ValueEncoder> = new BodyCache();
  readonly #structs: Map<string, ValueEncoder> = new Map();

  constructor(index: SchemaIndex) {
    this.names = index;
  }

  /** Returns the encoder of header fields and attributes. It is made when it is first called: sets may contain themselves. */
  body(body: BodySchema): ValueEncoder {
    return this.#bodies.get(body, () => {
      let made: ValueEncoder | undefined;
      return (context: EncodeContext, value: unknown, scope: Scope | undefined, depth: number) => {
        made ??= makeBodyEncoder(this, this.names, body);
        made(context, value, scope, depth);
      };
    });
  }

  struct({ name }: StructLayout): ValueEncoder {
    let encode = this.#structs.get(name);
    if (encode === undefined) this.#structs.set(name, (encode = makeStructEncoder(this, this.names, this.names.struct(name))));
    return encode;
  }

  value(value: ValueFields): ValueEncoder {
    return findCodec(value).encode(this, value);
  }

  isNested(value: ValueFields): boolean {
    return findCodec(value).isNested?.(value) === true;
  }
}
