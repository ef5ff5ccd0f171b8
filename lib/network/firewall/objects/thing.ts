import type { FamilyOperation } from '../../../client/index.js';
import type { NftablesFamily } from '../../../families/nftables.js';

/** An operation of a transaction of nftables; that of a rule has the place of the rule in the document. @internal */
export type Operation = FamilyOperation<NftablesFamily> & { readonly place?: string };

/** The header of requests and the name of their table. @internal */
export interface Scope {
  readonly nfgenFamily: number;
  readonly table: string;
}

/** The settings of a thing in words, defaults filled in; an absent setting is omitted. @internal */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * A thing with a name in a table, in the form in which it is compared: a chain, a set, an object, a flowtable.
 *
 * @internal
 */
export interface Thing {
  /** The names among which its name is unique, such as `chain` or `object counter`. */
  readonly space: string;
  readonly scope: Scope;
  /** The noun of texts: `chain`, `map`, `counter`. */
  readonly noun: string;
  readonly name: string;
  readonly settings: Settings;
  /** Returns settings that replace those of a thing that was found, when it is compared with a thing of a document. */
  comparedWith?(wanted: Thing): Settings;
  /** The settings that the kernel changes in place; another change needs a new thing. */
  readonly inPlace: readonly string[];
  /** Returns the operation that creates the thing, or changes it in place. */
  create(): Operation;
  /** Returns the operation that deletes it. */
  remove(): Operation;
  /** Returns further operations of a change in place, from the thing that was found. */
  change?(found: Thing): readonly Operation[];
}

/** Returns the identity of a thing in its table. @internal */
export function identity({ space, name }: Pick<Thing, 'space' | 'name'>): string {
  return `${space} ${name}`;
}

/** The flags of operations that create or change. @internal */
export const CREATE: { readonly create: true } = { create: true };
