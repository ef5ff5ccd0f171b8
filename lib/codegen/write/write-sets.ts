import type { AttributeSchema, AttributeSetSchema, FormatSchema, SubMessageSchema } from '../../schema/index.js';
import { addressComment, fieldComments } from './address-comments.js';
import { quote, typeKey } from '../names.js';
import { hasValue, type Direction } from '../../schema/internal.js';
import type { ValueTexts } from './value-text.js';

/** The types of an attribute set: one, or two where requests take something else. @internal */
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
    const comment = comments.get(attribute.property) ?? (direction === 'request' ? addressComment(attribute) : undefined);
    return texts.property(set.name, attribute, '?', texts.attribute(attribute, direction), comment);
  });
  const what = `Attributes of the set ${safe(set.name)}${direction === 'request' ? ', as they are written' : ''}.`;
  if (choices.length === 0) return [`/** ${what} @public */`, `export interface ${name} extends WithUnknown {`, ...fields, '}', ''];
  const base = texts.names.of('set', set.name, direction === 'request' ? 'InputFields' : 'Fields');
  const unions = choices.map((choice) => writeChoice(choice, direction, texts));
  return [
    `/** Attributes of the set ${safe(set.name)} but for those that depend on each other. @public */`,
    `export interface ${base} extends WithUnknown {`,
    ...fields,
    '}',
    '',
    `/** ${what} @public */`,
    `export type ${name} = ${base} & ${unions.join(' & ')};`,
    '',
  ];
}

/** A selector and the sub-messages of its set that it chooses. */
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

/** A union told apart by the selector; its last member takes the kinds that nobody described. */
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
 * The type of a selector that chooses none of the described kinds.
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

/** The type of a sub-message whose selector is out of sight: any of its formats. @internal */
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
    return [`/** The sub-message ${safe(name)}: what it is, an enclosing set says. @public */`, `export type ${alias} = ${text};`, ''];
  });
}

/** A name where it can neither end a comment nor be taken for a tag. @internal */
export function safe(name: string): string {
  return /^[\w .:+-]+$/.test(name) ? name : '(a name of odd characters)';
}
