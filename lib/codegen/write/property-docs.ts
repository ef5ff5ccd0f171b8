/** The doc comments of the properties of one attribute set or struct, by the kernel's names. @internal */
export interface DocumentedOwner {
  /** The name of the set or struct. */
  readonly of: string;
  /** The uapi header that they follow, e.g. `linux/if_link.h`. */
  readonly header: string;
  /** The texts in TSDoc, by the name of the attribute or member. */
  readonly docs: Readonly<Record<string, string>>;
}

type Mapping = Readonly<Record<string, unknown>>;

const WIDTH = 130;

/**
 * The doc comments of the properties of a family: those of this project, else those of the specification.
 *
 * The descriptor does not hold them: only the types have comments.
 *
 * @internal
 */
export class PropertyDocs {
  readonly #texts = new Map<string, string>();
  readonly #parents = new Map<string, string>();

  /**
   * @param spec - The parsed specification, overlay applied.
   * @param own - The texts of this project; they have precedence over those of the specification.
   */
  constructor(spec: unknown = {}, own: readonly DocumentedOwner[] = []) {
    for (const set of listOf(spec, 'attribute-sets')) {
      if (typeof set['subset-of'] === 'string') this.#parents.set(String(set['name']), set['subset-of']);
      this.#take(set, 'attributes');
    }
    for (const definition of listOf(spec, 'definitions')) this.#take(definition, 'members');
    for (const { of, docs } of own) for (const [name, text] of Object.entries(docs)) this.#texts.set(`${of}/${name}`, checked(text));
  }

  /** Returns the text of an attribute or member. In a subset it is its own text, else that of the parent set. */
  find(owner: string, name: string): string | undefined {
    const text = this.#texts.get(`${owner}/${name}`);
    if (text !== undefined) return text;
    const parent = this.#parents.get(owner);
    return parent === undefined || parent === owner ? undefined : this.find(parent, name);
  }

  #take(owner: Mapping, list: string): void {
    for (const entry of listOf(owner, list)) {
      const text = typeof entry['doc'] === 'string' ? escapeDoc(entry['doc']) : '';
      if (text !== '') this.#texts.set(`${String(owner['name'])}/${String(entry['name'])}`, text);
    }
  }
}

/**
 * Escapes a text of a specification for a doc comment, so that it can neither end the comment nor form a tag.
 *
 * @returns One paragraph.
 * @internal
 */
export function escapeDoc(text: string): string {
  return text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .replaceAll(/`+/g, "'")
    .replaceAll(/[\\{}@<>]/g, '\\$&')
    .replaceAll('*/', '* /')
    .trim();
}

/**
 * Writes a doc comment, on one line if it fits.
 *
 * @param indent - The spaces before each line.
 * @internal
 */
export function docComment(text: string, indent: string): string[] {
  if (text.length + indent.length < WIDTH) return [`${indent}/** ${text} */`];
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function checked(text: string): string {
  if (/\*\/|[\r\n]/.test(text)) throw new RangeError(`doc comment: '${text}' is not valid; expected one line without '*/'`);
  return text;
}

function listOf(owner: unknown, key: string): readonly Mapping[] {
  const list = (owner as Mapping)[key];
  return Array.isArray(list) ? (list as readonly Mapping[]) : [];
}
