import type { NetworkClients } from '../../clients.js';
import type { LinkNames } from '../../names/link-names.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { Change } from '../../tables/compare.js';
import type { Step } from '../../tables/step.js';
import type { PlanDifference } from './plan.js';

/** The tables that a document writes. @internal */
export type DocumentTable =
  'links' | 'addresses' | 'routes' | 'rules' | 'nexthops' | 'neighbours' | 'fdb' | 'qdiscs' | 'classes' | 'filters';

/** The models of the tables. @internal */
export type DocumentModels = Readonly<Record<DocumentTable, TableModel<object>>>;

/** The objects of one namespace at one moment; of the tables that were read. @internal */
export interface State {
  readonly names: LinkNames;
  /** The routing tables of VRF links, by name. */
  readonly vrfTables: ReadonlyMap<string, number>;
  readonly objects: Readonly<Partial<Record<DocumentTable, readonly object[]>>>;
}

/**
 * One change of a plan. Its requests are made when it is written: the index of a link that the plan creates is known only then.
 *
 * - `add`: `wanted`, no `before`: `model.create(wanted, names)`.
 * - `change`: both; `wanted` is the whole object, merged: `model.update(before, wanted, ...)`.
 * - `recreate`: both: deleted in the phase `clear`, those of the end of the list first; created in its own phase like an addition.
 * - `delete`: `before` only: `model.remove(before)`.
 *
 * A change with `steps` sends these, and nothing of its model; also the deletion of a `recreate` is part of them.
 *
 * @internal
 */
export interface PlannedChange {
  readonly table: DocumentTable;
  readonly action: 'add' | 'change' | 'delete' | 'recreate';
  /** The place in the document, for errors: `routes[3]`. Empty for an object that the document does not list. */
  readonly path: string;
  readonly before?: object;
  readonly wanted?: Wanted;
  /** The changed properties by path, of a `change` or a `recreate`. */
  readonly changes?: ReadonlyMap<string, Change>;
  readonly difference: PlanDifference;
  /**
   * Returns the requests that no model returns: a new name of a link, the properties of the peer of a new pair, a link with its parent in
   * another namespace. Given the names of links at the moment of writing.
   */
  readonly steps?: (names: LinkNames) => readonly Step[];
  /** The phase of `apply` in which it is written; in each phase the order of the list counts. */
  readonly phase: Phase;
}

/**
 * The phases of `apply`.
 *
 * @internal
 */
export type Phase =
  /** Deletions of what stands in the way. */
  | 'clear'
  /** New links, parents and masters first; renames. */
  | 'create-links'
  /** Settings of links. */
  | 'settings'
  | 'addresses'
  | 'nexthops'
  /** Routes without a gateway. */
  | 'link-routes'
  | 'routes'
  | 'rules'
  | 'neighbours'
  | 'traffic'
  /** Deletions, in the opposite order of the tables. */
  | 'delete';

/** The properties of a namespace that plans need. @internal */
export interface PlanContext {
  readonly models: DocumentModels;
  readonly clients: NetworkClients;
  /** The names of links that come to be by other parts of the document, such as the peers of pairs in other namespaces. */
  readonly made: ReadonlySet<string>;
}

/** The plan of one namespace, with what `apply` needs. @internal */
export interface NamespacePlan {
  readonly changes: readonly PlannedChange[];
  readonly conflicts: readonly PlanDifference[];
  readonly effects: readonly string[];
  readonly state: State;
  /** Returns true for the name of a link that exists after the plan. */
  readonly isLink: (name: string) => boolean;
}
