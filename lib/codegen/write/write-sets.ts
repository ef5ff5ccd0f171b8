import type { AttributeSchema, AttributeSetSchema, FormatSchema, SubMessageSchema } from '../../schema/index.js';
import { addressComment, fieldComments } from './address-comments.js';
import { quote, typeKey } from '../names.js';
import { hasValue, type Direction } from '../../schema/internal.js';
import type { ValueTexts } from './value-text.js';

/** Prints the type of an attribute set, and a second one if requests differ. @internal */
export function writeSet(set: AttributeSetSchema, texts: ValueTexts): string[] {
  const directions: Direction[] = texts.isUnequal(set.name) ? ['reply', 'request'] : ['reply'];
  return directions.flatMap((direction) => writeOne(set, direction, texts));
}

function writeOne(set: AttributeSetSchema, direction: Direction, texts: ValueTexts): string[] {
  const readOnly = ({ write }: AttributeSchema): boolean => direction === 'request' && write?.never === true;
  const attributes = set.attributes.filter((attribute) => hasValue(attribute) && !readOnly(attribute));
  const choices = groupBySelector(attributes);
  const name = texts.set(set.name, direction);
  const plain = attributes.filter(
    (attribute) => !choices.some(({ selector, chosen }) => attribute === selector || chosen.includes(attribute)),
  );
  const comments = direction === 'request' ? fieldComments(attributes.map(({ address }) => address)) : new Map<string, string>();
  const fields = plain.flatMap((attribute) => {
    const isDescribed = direction === 'request' || attribute.address?.width !== undefined;
    const comment = comments.get(attribute.property) ?? (isDescribed ? addressComment(attribute, direction) : undefined);
    return texts.property(set.name, attribute, '?', texts.attribute(attribute, direction), comment);
  });
  const what = `The attributes of the set ${safe(set.name)}${direction === 'request' ? ' in requests' : ''}.`;
  if (choices.length === 0) return [`/** ${what} @public */`, `export interface ${name} extends WithUnknown {`, ...fields, '}', ''];
  const base = texts.names.of('set', set.name, direction === 'request' ? 'InputFields' : 'Fields');
  const unions = choices.map((choice) => writeChoice(choice, direction, texts));
  return [
    `/** The attributes of the set ${safe(set.name)} without those that depend on each other. @public */`,
    `export interface ${base} extends WithUnknown {`,
    ...fields,
    '}',
    '',
    `/** ${what} @public */`,
    `export type ${name} = ${base} & ${unions.join(' & ')};`,
    '',
  ];
}

/** A selector with the sub-messages of its set that it selects. */
interface Choice {
  readonly selector: AttributeSchema;
  readonly chosen: AttributeSchema[];
}

function groupBySelector(attributes: readonly AttributeSchema[]): Choice[] {
  const choices: Choice[] = [];
  for (const attribute of attributes) {
    if (attribute.selector === undefined || attribute.selector.outer === true) continue;
    const selector = attributes.find(({ name }) => name === attribute.selector?.name)!;
    const known = choices.find((choice) => choice.selector === selector);
    if (known === undefined) choices.push({ selector, chosen: [attribute] });
    else known.chosen.push(attribute);
  }
  return choices;
}

/** Prints a union that the selector discriminates; its last member holds the kinds without a description. */
function writeChoice({ selector, chosen }: Choice, direction: Direction, texts: ValueTexts): string {
  const kinds = new Map<string, string[]>();
  for (const value of kindsOf(chosen, texts)) {
    const fields = chosen.map((attribute) => {
      const format = formatsOf(attribute, texts).find((candidate) => candidate.value === value);
      return `readonly ${typeKey(attribute.property)}?: ${format === undefined ? 'never' : texts.format(format, direction)}`;
    });
    const text = fields.join('; ');
    kinds.set(text, [...(kinds.get(text) ?? []), value]);
  }
  const key = typeKey(selector.property);
  const members = [...kinds].map(([fields, values]) => `{ readonly ${key}: ${values.map(quote).join(' | ')}; ${fields} }`);
  const any = anyOther(selector, [...kinds.values()].flat(), direction, texts);
  const none = chosen.map((attribute) => `readonly ${typeKey(attribute.property)}?: never`).join('; ');
  members.push(`{ readonly ${key}?: ${any}; ${none} }`);
  return `(\n${members.map((member) => `  | ${member}`).join('\n')}\n)`;
}

/**
 * Returns the type of a selector that selects none of the described kinds.
 *
 * In a reply it excludes those kinds: the compiler narrows the union by `===`, also in the callback of `find` and `filter`. In
 * a request it lists them, so that an editor offers them.
 */
function anyOther(selector: AttributeSchema, kinds: readonly string[], direction: Direction, texts: ValueTexts): string {
  const quoted = kinds.map(quote);
  if (selector.type === 'string') return direction === 'reply' ? 'UndescribedName' : [...quoted, '(string & {})'].join(' | ');
  const all = texts.attribute(selector, direction);
  return direction === 'reply' ? `Exclude<${all}, ${quoted.join(' | ')}>` : all;
}

function kindsOf(chosen: readonly AttributeSchema[], texts: ValueTexts): ReadonlySet<string> {
  return new Set(chosen.flatMap((attribute) => formatsOf(attribute, texts).map(({ value }) => value)));
}

function formatsOf({ subMessage }: AttributeSchema, { names }: ValueTexts): readonly FormatSchema[] {
  return names.subMessages.get(subMessage!)!.formats;
}

/** Prints the type of a sub-message whose selector is in an enclosing set: any of its formats. @internal */
export function writeSubMessage({ name, formats }: SubMessageSchema, texts: ValueTexts): string[] {
  const { sets } = texts.names;
  const outer = [...sets.values()].some(({ attributes }) =>
    attributes.some(({ subMessage, selector }) => subMessage === name && selector?.outer === true),
  );
  if (!outer) return [];
  return (['reply', 'request'] as const).flatMap((direction) => {
    const types = new Set(formats.map((format) => `(${texts.format(format, direction)})`));
    const text = types.size === 0 ? 'never' : [...types].join(' | ');
    const alias = texts.names.of('sub-message', name, direction === 'request' ? 'Input' : '');
    return [
      `/** The sub-message ${safe(name)}; an attribute of an enclosing set selects its format. @public */`,
      `export type ${alias} = ${text};`,
      '',
    ];
  });
}

/** Returns a name that can neither end a comment nor form a tag. @internal */
export function safe(name: string): string {
  return /^[\w .:+-]+$/.test(name) ? name : '(a name with special characters)';
}
