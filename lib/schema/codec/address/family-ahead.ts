import { alignLength } from '../../../wire/index.js';
import { type BackEnd, type DecoderArguments, lazy, type Scope, type ValueDecoder } from '../back-end.js';
import type { AttributeDecoder, SourceContext, ValueCodec, ValueSource } from '../kind.js';
import type { SchemaNames } from '../schema-names.js';
import { selectorAhead } from '../selector-ahead.js';
import { quote } from '../source-text.js';
import type { ValueFields } from '../value-fields.js';

/** Returns the property of the attribute with the family of an address, if it is in the set of the address itself. @internal */
export function ownFamily(names: SchemaNames, set: string, { address }: ValueFields): string | undefined {
  const family = address?.family;
  return family !== undefined && names.set(set).attributes.some(({ property }) => property === family) ? family : undefined;
}

/**
 * Makes the decoders of an attribute whose form a family decides. The attribute with the family may follow it (`IPVS_DEST_ATTR_ADDR_FAMILY`).
 *
 * @param make - Makes the decoder that finds the family in the scope.
 * @internal
 */
export function familyAhead(
  make: (backEnd: BackEnd, value: ValueFields) => ValueDecoder,
): Required<Pick<ValueCodec, 'decode' | 'decodeAttribute' | 'source'>> {
  return {
    decode: make,

    decodeAttribute(backEnd, set, value): AttributeDecoder {
      const decode = make(backEnd, value);
      const property = ownFamily(backEnd.names, set, value);
      if (property === undefined) return (words, bytes, start, end, scope, depth) => decode(words, bytes, start, end, scope, depth);
      const makeAhead = lazy(() => selectorAhead(backEnd, set, property));
      return (words, bytes, start, end, scope, depth, bodyEnd, { selectors, aheads }) => {
        let family = selectors.get(property);
        if (family === undefined) {
          let ahead = aheads.get(property);
          if (ahead === undefined) aheads.set(property, (ahead = makeAhead()()));
          family = ahead(words, bytes, alignLength(end), bodyEnd);
        }
        return decodeWith(decode, property, family, words, bytes, start, end, scope, depth);
      };
    },

    source({ text, backEnd, set, selectors, aheads, scope }: SourceContext, value): ValueSource {
      const decode = text.constant(make(backEnd, value));
      const range = `words, bytes, p + 4, p + length, ${scope}, depth + 1`;
      const property = ownFamily(backEnd.names, set, value);
      if (property === undefined) return { value: `${decode}(${range})` };
      const ahead = `(${aheads.get(property)!} ??= ${text.constant(selectorAhead(backEnd, set, property))}())`;
      const family = `${selectors.get(property)!} ?? ${ahead}(words, bytes, next, end)`;
      return { value: `${text.constant(decodeWith)}(${decode}, ${quote(property)}, ${family}, ${range})` };
    },
  };
}

function decodeWith(
  decode: ValueDecoder,
  property: string,
  family: unknown,
  ...[words, bytes, start, end, scope, depth]: DecoderArguments
): unknown {
  const around: Scope | undefined = family === undefined ? scope : { value: { [property]: family }, outer: scope?.outer };
  return decode(words, bytes, start, end, around, depth);
}
