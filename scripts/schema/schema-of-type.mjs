// Translates types of TypeScript into JSON Schema 2020-12. Types with a name become definitions; a union of objects that differ in
// optional properties becomes one object, so that the properties that all of them have are written once.
import ts from 'typescript';

/** The checks of texts with a unit: the types allow any text of this form. */
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;

export class SchemaOfTypes {
  #checker;
  #definitions = new Map();
  #names = new Map();
  #open = new Set();

  constructor(checker) {
    this.#checker = checker;
  }

  /** The definitions by name, in alphabetical order. */
  get definitions() {
    return Object.fromEntries([...this.#definitions].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Returns the schema of a type; a reference if it has a name. */
  of(type) {
    if (this.#isOfEngine(type)) return { type: 'object' };
    const name = this.#nameOf(type);
    if (name === undefined) return this.#unnamed(type);
    const known = this.#names.get(name);
    if (known !== undefined && known !== type && !this.#isSame(known, type)) throw new Error(`schema: two types have the name ${name}`);
    if (known === undefined) {
      this.#names.set(name, type);
      this.#definitions.set(name, undefined);
      this.#definitions.set(name, { ...describe(this.#commentOf(type)), ...this.#inline(type) });
    }
    return { $ref: `#/$defs/${name}` };
  }

  /** A type without a name cannot refer to itself: what is inside of it again is not described. */
  #unnamed(type) {
    if (this.#open.has(type)) return {};
    this.#open.add(type);
    const schema = this.#inline(type);
    this.#open.delete(type);
    return schema;
  }

  /** The requests of families are the engine's words: their types are too many for a schema. */
  #isOfEngine(type) {
    const [declaration] = (type.aliasSymbol ?? type.symbol)?.declarations ?? [];
    return declaration?.getSourceFile().fileName.includes('/families/') === true;
  }

  #isSame(one, other) {
    return this.#checker.typeToString(one) === this.#checker.typeToString(other);
  }

  /** Returns the name of an exported type that is an object or a union. */
  #nameOf(type) {
    const symbol = type.aliasSymbol ?? (type.flags & ts.TypeFlags.Object ? type.symbol : undefined);
    const isNamed = symbol !== undefined && (symbol.flags & (ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Interface)) !== 0;
    if (!isNamed || ['Readonly', 'Record', 'Omit', 'Pick', 'Partial', 'Array', 'ReadonlyArray', 'Extract', 'Exclude'].includes(symbol.name))
      return undefined;
    // A generic type appears with one argument only, that of writing; others get no name.
    const given = type.aliasTypeArguments ?? [];
    return given.length > 1 || given.some((each) => each.symbol?.name !== 'Written') ? undefined : symbol.name;
  }

  #commentOf(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    return symbol === undefined ? '' : ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
  }

  #inline(type) {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral || flags & ts.TypeFlags.NumberLiteral) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    // Counters: JSON has them as a number, or as digits.
    if (flags & ts.TypeFlags.BigInt) return { type: ['integer', 'string'] };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
    if (flags & ts.TypeFlags.TemplateLiteral) return { type: 'string', pattern: this.#pattern(type) };
    if (type.isUnion()) return this.#union(type);
    // `string & {}` is any text, beside the known ones.
    if (type.isIntersection() && type.types.some(({ flags: part }) => part & ts.TypeFlags.String)) return { type: 'string' };
    if (this.#checker.isTupleType(type)) {
      const items = this.#checker.getTypeArguments(type);
      return { type: 'array', prefixItems: items.map((item) => this.of(item)), minItems: items.length, maxItems: items.length };
    }
    if (this.#checker.isArrayType(type)) return { type: 'array', items: this.of(this.#checker.getTypeArguments(type)[0]) };
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object' };
    if (flags & ts.TypeFlags.Object || type.isIntersection()) return this.#object([type]);
    throw new Error(`schema: no schema for ${this.#checker.typeToString(type)}`);
  }

  #pattern({ texts, types }) {
    const parts = types.map((part) =>
      part.flags & ts.TypeFlags.Number ? NUMBER : part.flags & ts.TypeFlags.String ? '.*' : this.#words(part),
    );
    return `^${texts.map((text, index) => escaped(text) + (parts[index] ?? '')).join('')}$`;
  }

  #words(type) {
    const words = type.isUnion() ? type.types : [type];
    return `(?:${words.map(({ value }) => escaped(String(value))).join('|')})`;
  }

  #union(type) {
    const parts = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const objects = parts.filter((part) => this.#isObject(part));
    const others = parts.filter((part) => !objects.includes(part));
    const literals = others.filter((part) => part.isStringLiteral() || part.isNumberLiteral());
    const isBoolean = others.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const rest = others.filter((part) => !literals.includes(part) && !(isBoolean && part.flags & ts.TypeFlags.BooleanLiteral));
    return anyOf([
      ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...rest.map((part) => this.of(part)),
      ...this.#groups(objects).map((group) => (group.length === 1 ? this.of(group[0]) : this.#object(group))),
    ]);
  }

  #isObject(type) {
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return false;
    return (
      (type.flags & ts.TypeFlags.Object) !== 0 || (type.isIntersection() && !type.types.some(({ flags }) => flags & ts.TypeFlags.String))
    );
  }

  /** Returns groups of objects that require the same properties, besides their kind. */
  #groups(objects) {
    const groups = new Map();
    for (const object of objects) {
      const key = this.#propertiesOf(object)
        .filter(({ isRequired, name }) => isRequired && name !== 'kind')
        .map(({ name }) => name)
        .sort()
        .join();
      groups.set(key, [...(groups.get(key) ?? []), object]);
    }
    return [...groups.values()];
  }

  #propertiesOf(type) {
    return this.#checker.getPropertiesOfType(type).flatMap((symbol) => {
      if (symbol.name.startsWith('__@')) return [];
      const declared = this.#checker.getTypeOfSymbol(symbol);
      const isRequired = (symbol.flags & ts.SymbolFlags.Optional) === 0;
      // `unknown` without `undefined` would be an object.
      const isAny = (declared.flags & ts.TypeFlags.Unknown) !== 0;
      const present = isRequired || isAny ? declared : this.#checker.getNonNullableType(declared);
      const isNever = (present.flags & ts.TypeFlags.Never) !== 0;
      // A type without `undefined` keeps `null`, which `getNonNullableType` removes.
      const isNullable = declared.isUnion() && declared.types.some(({ flags }) => flags & ts.TypeFlags.Null);
      if (isNever && !isNullable) return [];
      return [{ name: symbol.name, symbol, type: present, isRequired, isNullable: !isRequired && isNullable, isNever }];
    });
  }

  /** Returns the schema of objects of one form, or of several forms that differ in optional properties. */
  #object(types) {
    const forms = types.map((type) => this.#propertiesOf(type));
    const index = types.length === 1 ? this.#checker.getIndexTypeOfType(types[0], ts.IndexKind.String) : undefined;
    const names = [...new Set(forms.flat().map(({ name }) => name))];
    const properties = names.map((name) => [name, this.#property(forms.flatMap((form) => form.filter((each) => each.name === name)))]);
    const required = names.filter((name) => forms.every((form) => form.some((each) => each.name === name && each.isRequired)));
    const dependent = this.#dependent(forms, names);
    return {
      type: 'object',
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(required.length > 0 && { required }),
      ...(Object.keys(dependent).length > 0 && { dependentSchemas: dependent }),
      additionalProperties: index === undefined || index.flags & ts.TypeFlags.Never ? false : this.of(index),
    };
  }

  #property(all) {
    const [{ symbol }] = all;
    const schemas = all.flatMap(({ type, isNullable, isNever }) => [
      ...(isNever ? [] : [this.of(type)]),
      ...(isNullable ? [{ type: 'null' }] : []),
    ]);
    const comment = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    return { ...describe(comment), ...anyOf(schemas) };
  }

  /** A property that only the objects of one kind have needs this kind beside it. */
  #dependent(forms, names) {
    if (forms.length === 1) return {};
    const kinds = forms.map((form) => form.find(({ name }) => name === 'kind')?.type);
    return Object.fromEntries(
      names.flatMap((name) => {
        const owners = forms.flatMap((form, index) => (form.some((each) => each.name === name) ? [kinds[index]] : []));
        if (owners.length === forms.length || !owners.every((kind) => kind?.isStringLiteral() === true)) return [];
        const values = [...new Set(owners.map(({ value }) => value))];
        return [[name, { properties: { kind: values.length === 1 ? { const: values[0] } : { enum: values } }, required: ['kind'] }]];
      }),
    );
  }
}

function anyOf(schemas) {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const words = different.filter((schema) => Object.hasOwn(schema, 'const') || Object.hasOwn(schema, 'enum'));
  const isText = different.some((schema) => schema.type === 'string' && schema.pattern === undefined);
  const known = words.flatMap((schema) => schema.enum ?? [schema.const]);
  const patterns = different.filter((schema) => schema.pattern !== undefined).map(({ pattern }) => pattern.slice(1, -1));
  const others = different.filter((schema) => !words.includes(schema) && schema.pattern === undefined);
  const rest = patterns.length === 0 ? others : [...others, { type: 'string', pattern: `^(?:${patterns.join('|')})$` }];
  const all = [...(known.length === 0 ? [] : [known.length === 1 ? { const: known[0] } : { enum: [...new Set(known)] }]), ...rest];
  // Any text beside known words: the words stay as examples for editors.
  if (all.length === 1) return all[0];
  return isText && all.length === 2 && known.length > 0 && rest[0].type === 'string' ? { type: 'string', examples: known } : { anyOf: all };
}

/** Returns the first paragraph of a comment without its markup. */
function describe(comment) {
  const [paragraph = ''] = comment.split('\n\n');
  const text = paragraph
    .replace(/\{@link ([^}|]+)(?:\|[^}]*)?\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? {} : { description: text };
}

function escaped(text) {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
