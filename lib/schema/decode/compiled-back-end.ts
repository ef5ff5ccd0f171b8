import { type BackEnd, type BodyDecoder, type BodySchema, type StructDecoder, type ValueDecoder, bodyKey } from './back-end.js';
import { BoundedMap } from './bounded-map.js';
import { closureValue } from './closure-values.js';
import { bodySource } from './compile-body.js';
import { structSource } from './compile-struct.js';
import type { ValueSchema } from '../descriptor/descriptor.js';
import { MOST_PICKS } from '../descriptor/pick.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { shapeOf } from '../descriptor/shape.js';
import { SourceText } from './source-text.js';

/**
 * Decoders of generated source: one function a body, one constructor a struct, compiled when first needed.
 *
 * @internal
 */
export class CompiledBackEnd implements BackEnd {
  kept = 0;
  readonly #index: SchemaIndex;
  readonly #bodies: Map<string, BodyDecoder> = new Map();
  readonly #picked = new BoundedMap<string, BodyDecoder>(MOST_PICKS);
  readonly #structs: Map<string, StructDecoder> = new Map();

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  body(body: BodySchema): BodyDecoder {
    const key = bodyKey(body);
    if (body.pick !== undefined) return this.#picked.get(key, () => this.#later(body));
    let decode = this.#bodies.get(key);
    if (decode === undefined) this.#bodies.set(key, (decode = this.#later(body)));
    return decode;
  }

  struct(name: string): StructDecoder {
    let decode = this.#structs.get(name);
    if (decode === undefined) {
      decode = this.#compileStruct(name);
      this.#structs.set(name, decode);
    }
    return decode;
  }

  value(value: ValueSchema): ValueDecoder {
    return closureValue(this, shapeOf(this.#index, value));
  }

  /** Compiles when it is first called: sets may hold themselves. */
  #later(body: BodySchema): BodyDecoder {
    let made: BodyDecoder | undefined;
    return (words, bytes, start, end, scope, depth) => {
      made ??= this.#compile(body);
      return made(words, bytes, start, end, scope, depth);
    };
  }

  #compile(body: BodySchema): BodyDecoder {
    return bodySource(this.#index, this, body).compile(`${this.#index.schema.source}/${body.set ?? body.header ?? 'empty'}`);
  }

  #compileStruct(name: string): StructDecoder {
    const struct = this.#index.struct(name);
    const text = new SourceText();
    for (const aligned of [true, false]) {
      const constructor = aligned ? 'Aligned' : 'Shifted';
      text.line(`function ${constructor}(words, bytes, start, end) {`);
      if (aligned) text.line('const q = start >> 2;');
      structSource(text, this.#index, this, struct, { object: 'this', aligned, end: 'end' });
      text.line('}');
      text.line(`${constructor}.prototype = Object.prototype;`);
    }
    text.line('return function decode(words, bytes, start, end) {');
    text.line('return (start & 3) === 0 ? new Aligned(words, bytes, start, end) : new Shifted(words, bytes, start, end);');
    text.line('};');
    return text.compile(`${this.#index.schema.source}/${name}`);
  }
}

let allowed: boolean | undefined;

/** Tells whether this program may make code from strings (`--disallow-code-generation-from-strings` says no). @internal */
export function mayCompile(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new SourceText().compile('probe') === undefined;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      allowed = false;
    }
  }
  return allowed;
}
