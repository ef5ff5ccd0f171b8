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

function compileStruct(backEnd: BackEnd, index: SchemaIndex, struct: StructSchema): StructDecoder {
  const text = new SourceText();
  for (const aligned of [true, false]) {
    const constructor = aligned ? 'Aligned' : 'Shifted';
    text.line(`function ${constructor}(words, bytes, start, end, outer) {`);
    if (aligned) text.line('const q = start >> 2;');
    structSource(text, backEnd, struct, { object: 'this', aligned });
    text.line('}');
    text.line(`${constructor}.prototype = Object.prototype;`);
  }
  text.line('return function decode(words, bytes, start, end, outer) {');
  text.line('return (start & 3) === 0 ? new Aligned(words, bytes, start, end, outer) : new Shifted(words, bytes, start, end, outer);');
  text.line('};');
  return text.compile(`${index.schema.source}/${struct.name}`);
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
