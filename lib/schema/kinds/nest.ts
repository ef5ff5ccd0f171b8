import { isRecord } from '../codec/encode-context.js';
import type { Kind } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';

/** Attributes of the set `set`, optionally after the header `struct`. @internal */
export const nest: Kind = {
  fields: ['set', 'optional-struct'],
  policyTypes: ['nested'],
  typeText: ({ struct, set }, texts, direction) => texts.message(struct, set, direction),
  decode: (backEnd, value) => backEnd.body({ header: value.struct, set: required(value, 'set') }),
  encode: (encoders, value) => encoders.body({ header: value.struct, set: required(value, 'set') }),
  accepts: isRecord,
  isNested: ({ struct }) => struct === undefined,

  walk(walker, value, place, scope) {
    walker.set(required(value, 'set'), walker.after(value.struct, place), scope);
  },
};
