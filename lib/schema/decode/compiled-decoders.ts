import type { StructSchema } from '../descriptor/descriptor.js';
import type { BackEnd, StructDecoder } from '../codec/back-end.js';
import { SourceText } from '../codec/source-text.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { bodySource } from './compile-body.js';
import { structSource } from './compile-struct.js';
import { Decoders, type DecoderMaker } from './decoders.js';

/** Makes decoders of generated source: one function a body, one constructor a struct. @internal */
export const compiled: DecoderMaker = {
  body: (backEnd, index, body) => bodySource(index, backEnd, body).compile(`${index.schema.source}/${body.set ?? body.header ?? 'empty'}`),
  struct: compileStruct,
};

/** Returns the generated decoders of a family. @internal */
export function compiledDecoders(index: SchemaIndex): Decoders {
  return new Decoders(index, compiled);
}

/** Compiles a struct at multiples of 4 bytes. The decoder for other places, which few messages have, is compiled when it is needed. */
function compileStruct(backEnd: BackEnd, index: SchemaIndex, struct: StructSchema): StructDecoder {
  let other: StructDecoder | undefined;
  const shifted: StructDecoder = (...place) => (other ??= compilePlaced(backEnd, index, struct))(...place);
  return compilePlaced(backEnd, index, struct, shifted);
}

/** @param shifted - Decodes the struct at places that are not multiples of 4 bytes; omitted for the decoder of those. */
function compilePlaced(backEnd: BackEnd, index: SchemaIndex, struct: StructSchema, shifted?: StructDecoder): StructDecoder {
  const text = new SourceText();
  const aligned = shifted !== undefined;
  text.line('function Row(words, bytes, start, end, outer) {');
  if (aligned) text.line('const q = start >> 2;');
  structSource(text, backEnd, struct, { object: 'this', aligned });
  text.line('}');
  text.line('Row.prototype = Object.prototype;');
  text.line('return function decode(words, bytes, start, end, outer) {');
  if (aligned) text.line(`if ((start & 3) !== 0) return ${text.constant(shifted)}(words, bytes, start, end, outer);`);
  text.line('return new Row(words, bytes, start, end, outer);');
  text.line('};');
  return text.compile(`${index.schema.source}/${struct.name}${aligned ? '' : '-shifted'}`);
}

let allowed: boolean | undefined;

/** Returns true if this program may make code from strings (`--disallow-code-generation-from-strings` forbids it). @internal */
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
