import { suggestion } from '../../check/index.js';
import { alignLength } from '../../wire/index.js';
import { isBytes } from '../../wire/internal.js';
import { type BackEnd, type DecoderArguments, lazy } from '../codec/back-end.js';
import { outerValue } from '../codec/decode-primitives.js';
import { isRecord } from '../codec/encode-context.js';
import { attribute as writeAttribute, typeOf } from '../codec/encode-items.js';
import type { Kind } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';
import { selectorAhead } from '../codec/selector-ahead.js';
import { quote } from '../codec/source-text.js';
import type { ValueFields } from '../codec/value-fields.js';

/** A value whose format another attribute selects: see `subMessage` and `selector`. @internal */
export const subMessage: Kind = {
  fields: ['sub-message'],
  policyTypes: ['nested'],
  typeText: (value, texts, direction) => texts.subMessage(value.subMessage!, direction),
  decode: () => failOutside(),
  encode: () => failOutside(),

  decodeAttribute(backEnd, set, value) {
    const decode = formatDecoder(backEnd, value);
    const { property, outer } = required(value, 'selector');
    if (outer === true) {
      return (words, bytes, start, end, scope, depth) => decode(outerValue(scope?.outer, property), words, bytes, start, end, scope, depth);
    }
    const makeAhead = lazy(() => selectorAhead(backEnd, set, property));
    return (words, bytes, start, end, scope, depth, bodyEnd, { selectors, aheads }) => {
      let selected = selectors.get(property);
      if (selected === undefined) {
        let ahead = aheads.get(property);
        if (ahead === undefined) aheads.set(property, (ahead = makeAhead()()));
        selected = ahead(words, bytes, alignLength(end), bodyEnd);
      }
      return decode(selected, words, bytes, start, end, scope, depth);
    };
  },

  source({ text, backEnd, set, selectors, aheads, scope }, value) {
    const decode = text.constant(formatDecoder(backEnd, value));
    const { property, outer } = required(value, 'selector');
    const rest = `words, bytes, p + 4, p + length, ${scope}, depth + 1`;
    if (outer === true) return { value: `${decode}(${text.constant(outerValue)}(outer, ${quote(property)}), ${rest})` };
    const ahead = `(${aheads.get(property)!} ??= ${text.constant(selectorAhead(backEnd, set, property))}())`;
    return { value: `${decode}(${selectors.get(property)!} ?? ${ahead}(words, bytes, next, end), ${rest})` };
  },

  encodeAttribute(encoders, set, value) {
    const { property, outer, name } = required(value, 'selector');
    const own = encoders.names.set(set).attributes.find((candidate) => candidate.property === property);
    const names = outer === true || own?.enum === undefined ? undefined : encoders.names.enumNames(own.enum);
    const { formats: list } = encoders.names.subMessage(required(value, 'subMessage'));
    const formats = new Map(
      list.map(({ value: selected, fixedHeader, set: inner, content }) => {
        const isNested = content === undefined ? fixedHeader === undefined : encoders.isNested(content);
        const encode = content === undefined ? encoders.body({ header: fixedHeader, set: inner }) : encoders.value(content);
        return [selected, { type: typeOf(value.id, isNested), encode }];
      }),
    );
    return (context, given, scope, depth) => {
      const selected = outer === true ? outerValue(scope.outer, property) : outerValue({ value: scope.value, outer: undefined }, property);
      const shown = names !== undefined && (typeof selected === 'number' || typeof selected === 'bigint') ? names.show(selected) : selected;
      const kind = isSelector(shown) ? String(shown) : undefined;
      const format = kind === undefined ? undefined : formats.get(kind);
      if (format !== undefined) {
        writeAttribute(context, format.type, () => {
          format.encode(context, given, scope, depth);
        });
      } else if (isBytes(given)) {
        writeAttribute(context, value.id, () => {
          context.writer.write(given);
        });
      } else if (kind === undefined) context.fail(`'${name}' is missing; it selects the format`);
      else context.fail(`the format of ${name} '${kind}' is unknown${suggestion(kind, formats.keys(), ': ')}; pass the payload as bytes`);
    };
  },
  accepts: (given) => isRecord(given) || isBytes(given),
};

/** Decodes a sub-message, given its selector's value. */
type FormatDecoder = (selector: unknown, ...range: DecoderArguments) => unknown;

function formatDecoder(backEnd: BackEnd, value: ValueFields): FormatDecoder {
  const { formats: list } = backEnd.names.subMessage(required(value, 'subMessage'));
  required(value, 'selector');
  const formats = new Map(
    list.map(({ value: selected, content, fixedHeader, set }) => [
      selected,
      lazy(() => (content === undefined ? backEnd.body({ header: fixedHeader, set }) : backEnd.value(content))),
    ]),
  );
  return (selector, words, bytes, start, end, scope, depth) =>
    isSelector(selector) ? formats.get(String(selector))?.()(words, bytes, start, end, scope, depth) : undefined;
}

/** A selector is a text or a number; a value of any other type selects nothing. */
function isSelector(selector: unknown): selector is string | number | bigint {
  return typeof selector === 'string' || typeof selector === 'number' || typeof selector === 'bigint';
}

function failOutside(): never {
  throw new TypeError('schema: a sub-message must be an attribute of a set');
}
