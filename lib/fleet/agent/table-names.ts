import { suggestion } from '../../check/index.js';
import { families, type FamilyName } from '../../families/index.js';
import { SAMPLED, SAMPLED_TABLES, isSampledTable, type SampledTableName } from '../sampled/sampled-rows.js';

/** The operation that lists a table. @internal */
export interface TableOperation {
  /** The name of the table as the caller wrote it. */
  readonly name: string;
  /** The family; of a sampled table, the part of the subject in its place. */
  readonly family: FamilyName | typeof SAMPLED;
  readonly op: string;
}

/** The short name of a table. @public */
export type FleetTableName = WatchedTableName | SampledTableName;

/** A table that changes with events of the kernel. @public */
export type WatchedTableName = 'links' | 'addresses' | 'routes' | 'rules' | 'neighbours' | 'nexthops' | 'qdiscs';

/** Tables with a short name. Others are `family/operation`, such as `rt-route/getnexthop`. @internal */
export const TABLES: Readonly<Record<WatchedTableName, readonly [family: FamilyName, op: string]>> = {
  links: ['rt-link', 'getlink'],
  addresses: ['rt-addr', 'getaddr'],
  routes: ['rt-route', 'getroute'],
  rules: ['rt-rule', 'getrule'],
  neighbours: ['rt-neigh', 'getneigh'],
  nexthops: ['rt-route', 'getnexthop'],
  qdiscs: ['tc', 'getqdisc'],
};

/** The tables of an agent without the option `tables`. @internal */
export const DEFAULT_TABLES: readonly WatchedTableName[] = ['links', 'addresses', 'routes', 'rules', 'neighbours'];

/**
 * Finds the operation of a table.
 *
 * @throws TypeError if the table is unknown; it contains the most similar name.
 * @internal
 */
export function tableOperation(name: string): TableOperation {
  if (typeof name !== 'string') throw new TypeError(`agent: a table must be a name, such as 'links', not ${String(name)}`);
  if (Object.hasOwn(TABLES, name)) {
    const [family, op] = TABLES[name as WatchedTableName];
    return { name, family, op };
  }
  if (isSampledTable(name)) return { name, family: SAMPLED, op: name };
  const [family = '', op, ...rest] = name.split('/');
  if (op === undefined || rest.length > 0) throw unknownTable(name);
  if (family === SAMPLED) {
    if (isSampledTable(op)) return { name, family, op };
    throw unknownTable(op);
  }
  if (Object.hasOwn(families, family)) return { name, family: family as FamilyName, op };
  throw new TypeError(`agent: table '${name}': unknown family '${family}'${suggestion(family, Object.keys(families), '; ')}`);
}

function unknownTable(name: string): TypeError {
  const names = [...Object.keys(TABLES), ...SAMPLED_TABLES];
  const hint = suggestion(name, names) || `there are ${names.join(', ')}.`;
  return new TypeError(`agent: unknown table '${name}'; ${hint} Other tables are named family/operation, such as 'tc/gettclass'`);
}
