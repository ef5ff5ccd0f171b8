import type { BackEnd, BodyDecoder, BodySchema, StructDecoder, ValueDecoder } from '../codec/back-end.js';
import type { ValueFields } from '../codec/value-fields.js';
import type { StructSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec } from '../kinds/table.js';
import { BodyCache } from './body-cache.js';

/** Makes the decoders of bodies and structs: out of closures, or of generated source. @internal */
export interface DecoderMaker {
  body(backEnd: BackEnd, index: SchemaIndex, body: BodySchema): BodyDecoder;
  struct(backEnd: BackEnd, index: SchemaIndex, struct: StructSchema): StructDecoder;
}

/** The decoders of a family, made by one back end; each is made once. @internal */
export class Decoders implements BackEnd {
  kept = 0;
  readonly names: SchemaIndex;
  readonly #maker: DecoderMaker;
  readonly #bodies: BodyCache<BodyDecoder> = new BodyCache();
  readonly #structs: Map<string, StructDecoder> = new Map();

  constructor(index: SchemaIndex, maker: DecoderMaker) {
    this.names = index;
    this.#maker = maker;
  }

  /** Returns the decoder of a body. It is made when it is first called: sets may contain themselves. */
  body(body: BodySchema): BodyDecoder {
    return this.#bodies.get(body, () => {
      let made: BodyDecoder | undefined;
      return (words, bytes, start, end, scope, depth) => {
        made ??= this.#maker.body(this, this.names, body);
        return made(words, bytes, start, end, scope, depth);
      };
    });
  }

  struct(name: string): StructDecoder {
    let decode = this.#structs.get(name);
    if (decode === undefined) this.#structs.set(name, (decode = this.#maker.struct(this, this.names, this.names.struct(name))));
    return decode;
  }

  value(value: ValueFields): ValueDecoder {
    return findCodec(value).decode(this, value);
  }
}
