import { shapeOf } from '../../lib/schema/descriptor/message-shape.js';
import type { AttributeSchema, FamilySchema, ValueSchema } from '../../lib/schema/index.js';
import { reachedSets } from './reached-sets.js';
import { withoutNeeds } from '../schema/rules/without-needs.js';

type Bag = Record<string, unknown>;

/** A secret attribute or struct member of a family, and a function that puts it into a request. */
export interface SecretPlace {
  readonly schema: FamilySchema;
  /** The set or struct that declares it, and its name: `wgpeer preshared-key`. */
  readonly name: string;
  readonly op: string;
  /** `reply` for a secret that no request contains. */
  readonly mode: 'do' | 'dump' | 'reply';
  /** The path from the request to the secret, e.g. `peers.0.presharedKey`. */
  readonly path: string;
  readonly type: ValueSchema['type'];
  readonly base64: boolean;
  /** The size of the secret in bytes. */
  readonly size: number;
  /** The kernel does not accept three times the size. */
  readonly limited: boolean;
  /** Makes a request with a value in place of the secret. */
  readonly request: (value: unknown) => Bag;
}

/** Returns the name of every secret that a descriptor declares for a message. */
export function declaredSecrets(schema: FamilySchema): string[] {
  const { sets, structs } = schema;
  const reached = reachedSets(schema);
  return [
    ...sets
      .filter(({ name }) => reached.has(name))
      .flatMap(({ name, attributes }) => attributes.filter(({ secret }) => secret).map((attribute) => `${name} ${attribute.name}`)),
    ...structs.flatMap(({ name, members }) => members.filter(({ secret }) => secret).map((member) => `${name} ${member.name}`)),
  ];
}

/** Returns the path to each of these, from the first operation that has one. */
export function secretPlaces(given: FamilySchema): SecretPlace[] {
  const schema = withoutNeeds(given);
  const places = new Map<string, SecretPlace>();
  const requests = schema.operations.flatMap((operation) => {
    const mode = operation.do === undefined ? 'dump' : 'do';
    return operation[mode] === undefined ? [] : [{ operation, mode } as const];
  });
  for (const { operation, mode } of [...requests, ...requests.map((one) => ({ ...one, mode: 'reply' as const }))]) {
    const found = (
      name: string,
      value: ValueSchema & { size?: number | undefined },
      path: string,
      request: SecretPlace['request'],
    ): void => {
      const size = value.size ?? value.checks?.exactLength ?? (value.type === 'u32' ? 4 : 32);
      const base64 = value.hint === 'base64';
      const limited =
        value.size !== undefined || value.checks?.exactLength !== undefined || (value.checks?.maxLength ?? Infinity) < 3 * size;
      const place = {
        schema,
        name,
        op: operation.name,
        mode,
        path: path.slice(1),
        type: value.type,
        base64,
        size,
        limited,
        request,
      } as const;
      if (!places.has(name)) places.set(name, place);
    };
    const { set } = shapeOf(operation, mode);
    if (set !== undefined) new Search(schema, found).set(set, '', (value) => value);
  }
  return [...places.values()];
}

/** Puts the contents of an inner object into the request around it. */
type Wrap = (inner: Bag) => Bag;

class Search {
  readonly #schema: FamilySchema;
  readonly #found: (name: string, value: ValueSchema, path: string, request: SecretPlace['request']) => void;
  readonly #seen = new Set<string>();

  constructor(schema: FamilySchema, found: (name: string, value: ValueSchema, path: string, request: SecretPlace['request']) => void) {
    this.#schema = schema;
    this.#found = found;
  }

  set(name: string, path: string, wrap: Wrap): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    for (const attribute of this.#schema.sets.find((set) => set.name === name)!.attributes) this.#attribute(name, attribute, path, wrap);
  }

  #attribute(set: string, attribute: AttributeSchema, path: string, wrap: Wrap): void {
    const { property, multi, element, subMessage, selector, write } = attribute;
    // Requests omit it.
    if (write?.never === true) return;
    const list = multi === true;
    const into = (value: unknown, beside: Bag = {}): Bag => wrap({ ...beside, [property]: list ? [value] : value });
    const at = `${path}.${property}${list ? '.0' : ''}`;
    if (attribute.secret === true) this.#found(`${set} ${attribute.name}`, attribute, at, into);
    else if (element?.set !== undefined) this.set(element.set, `${at}.0`, (inner) => into([inner]));
    else if (subMessage !== undefined) {
      const { formats } = this.#schema.subMessages.find(({ name }) => name === subMessage)!;
      for (const { value, set: inner, fixedHeader } of selector!.outer === true ? [] : formats) {
        const beside = { [selector!.property]: value };
        if (fixedHeader !== undefined) this.#struct(fixedHeader, at, (members) => into(members, beside));
        if (inner !== undefined) this.set(inner, at, (members) => into(members, beside));
      }
    } else {
      if (attribute.struct !== undefined) {
        const repeated = attribute.repeated === true;
        this.#struct(attribute.struct, repeated ? `${at}.0` : at, (members) => into(repeated ? [members] : members));
      }
      if (attribute.set !== undefined) this.set(attribute.set, at, into);
    }
  }

  #struct(name: string, path: string, wrap: Wrap): void {
    for (const member of this.#schema.structs.find((struct) => struct.name === name)!.members) {
      const { property } = member;
      if (member.secret === true)
        this.#found(`${name} ${member.name}`, member, `${path}.${property}`, (value) => wrap({ [property]: value }));
    }
  }
}
