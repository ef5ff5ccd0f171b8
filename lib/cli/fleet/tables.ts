import type { FamilyName } from '../../families/index.js';
import type { SampledTableName } from '../../fleet/index.js';
import { addressModel } from '../../network/addresses/address-model.js';
import {
  closeClients,
  fits,
  networkClients,
  readFilter as checkFilter,
  routeNames,
  type FieldError,
  type LinkNames,
  type TableModel,
} from '../../network/internal.js';
import { linkModel } from '../../network/links/link-model.js';
import { neighbourModel } from '../../network/neighbours/neighbour-model.js';
import { routeModel } from '../../network/routes/route-model.js';
import { ruleModel } from '../../network/rules/rule-model.js';
import type { Closable, Filter, Listing } from '../listings/listing.js';
import { listing as addresses } from '../listings/tables/addresses.js';
import { listing as links } from '../listings/tables/links.js';
import { listing as neighbours } from '../listings/tables/neighbours.js';
import { listing as routes } from '../listings/tables/routes.js';
import { listing as rules } from '../listings/tables/rules.js';
import type { Column } from '../output/table.js';
import { UsageError } from '../run/usage-error.js';

/** The names of the tables that the command shows. */
export const TABLE_NAMES = ['links', 'addresses', 'routes', 'rules', 'neighbours'] as const;

export type TableName = (typeof TABLE_NAMES)[number];

/** A table of a fleet: its rows in the words of the listing. */
export interface FleetTable {
  readonly name: TableName | SampledTableName;
  readonly family: FamilyName | 'sampled';
  readonly op: string;
  readonly word: string;
  readonly wordMayBeNumber: boolean;
  readonly columns: readonly Column<object>[];
  /** Returns a row in words; undefined if it means no object. */
  readonly objectOf: (row: object, names: LinkNames) => object | undefined;
  /** Names an object in words, with its noun. */
  readonly nameOf: (object: object) => string;
  /** Returns a function that finds the objects of a filter. @throws UsageError */
  readonly matcher: (filter: Filter) => (object: object) => boolean;
}

/** A table that changes with events of the kernel. */
export interface KernelTable extends FleetTable {
  readonly name: TableName;
  readonly family: FamilyName;
}

/** Returns the tables of a fleet that change with events, by their names. No socket is opened: the models translate rows only. */
export function fleetTables(): { readonly tables: ReadonlyMap<TableName, KernelTable>; close: () => void } {
  const clients = networkClients({});
  const context = { ...clients, ...routeNames() };
  const known = [
    table('links', 'rt-link', 'getlink', links, linkModel(context)),
    table('addresses', 'rt-addr', 'getaddr', addresses, addressModel(context)),
    table('routes', 'rt-route', 'getroute', routes, routeModel(context, context)),
    table('rules', 'rt-rule', 'getrule', rules, ruleModel(context)),
    table('neighbours', 'rt-neigh', 'getneigh', neighbours, neighbourModel(context)),
  ];
  return { tables: new Map(known.map((entry) => [entry.name, entry])), close: () => closeClients(clients) };
}

function table<T extends object>(
  name: TableName,
  family: FamilyName,
  op: string,
  { word, wordMayBeNumber = false, columns }: Pick<Listing<never, Closable>, 'word' | 'columns'> & { readonly wordMayBeNumber?: boolean },
  model: TableModel<T>,
): KernelTable {
  const objectOf = model.watchedRow ?? model.fromRow;
  return {
    name,
    family,
    op,
    word,
    wordMayBeNumber,
    columns: columns as readonly Column<object>[],
    objectOf,
    nameOf: (object) => `${model.noun} ${model.nameOf(object)}`,
    matcher: (filter) => {
      try {
        const wanted = checkFilter(model, filter);
        return (object) => fits(object as T, wanted, model.filter);
      } catch (error) {
        const { path, message } = error as FieldError;
        throw new UsageError(`fleet ${name}: '${path}' ${message}`);
      }
    },
  };
}
