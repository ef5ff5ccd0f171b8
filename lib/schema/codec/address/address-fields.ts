import type { AddressSchema } from '../value-fields.js';

const NONE: readonly never[] = [];

/** A field that an address has set. */
interface FilledField {
  readonly property: string;
  readonly value: number;
  /** Path of the address. */
  readonly by: string;
}

/** An address without a prefix length. */
interface BareAddressText {
  readonly rules: AddressSchema;
  /** Field for its length. */
  readonly prefix: string;
  readonly text: string;
  readonly width: number;
  readonly path: string;
}

/**
 * The fields of one object that addresses in it, or further inside, read and set: the address family and prefix lengths.
 *
 * @internal
 */
export class AddressFields {
  #filled: FilledField[] | undefined;
  #bare: BareAddressText[] | undefined;
  readonly #owned: ReadonlySet<string>;
  readonly #value: Readonly<Record<string, unknown>>;

  /** @param owned - Properties of the object's body that hold a family or a prefix length. */
  constructor(owned: ReadonlySet<string>, value: Readonly<Record<string, unknown>>) {
    this.#owned = owned;
    this.#value = value;
  }

  /** Fields that addresses have set. */
  get filled(): readonly FilledField[] {
    return this.#filled ?? NONE;
  }

  /** Addresses whose prefix length was not known when they were written. */
  get bare(): readonly BareAddressText[] {
    return this.#bare ?? NONE;
  }

  /** True if an address has set a field, or has no prefix length. */
  get hasChanges(): boolean {
    return this.#filled !== undefined || this.#bare !== undefined;
  }

  fill(field: FilledField): void {
    (this.#filled ??= []).push(field);
  }

  addBare(address: BareAddressText): void {
    (this.#bare ??= []).push(address);
  }

  owns(property: string): boolean {
    return this.#owned.has(property);
  }

  /** Returns the value of a field: the caller's, or the one that an address has set. */
  read(property: string): unknown {
    const given = Object.hasOwn(this.#value, property) ? this.#value[property] : undefined;
    return given ?? this.setBy(property)?.value;
  }

  /** Returns the address that has set a field; undefined if the caller gave the value. */
  setBy(property: string): FilledField | undefined {
    return this.#filled?.find((field) => field.property === property);
  }
}

/** Finds the fields of a body that addresses read and set; undefined if there are none. @internal */
export function ownedFields(
  referenced: ReadonlySet<string>,
  ...properties: readonly { keys(): Iterable<string> }[]
): ReadonlySet<string> | undefined {
  if (referenced.size === 0) return undefined;
  const owned = properties.flatMap((some) => [...some.keys()]).filter((property) => referenced.has(property));
  return owned.length === 0 ? undefined : new Set(owned);
}
