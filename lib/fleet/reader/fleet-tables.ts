import type { families, FamilyName } from '../../families/index.js';
import type { WatchableClient } from '../../live/index.js';
import type { DumpReply } from '../../schema/index.js';

/** The rows of the tables of a client that can be watched, by operation. @public */
export type WatchedRows<Client> =
  Client extends WatchableClient<infer Family, infer Watched> ? { readonly [Op in Watched]: DumpReply<Family, Op> & object } : never;

/** The rows of the tables of a module's client. @public */
export type ModuleRows<Module> = {
  [Name in keyof Module]: Module[Name] extends (socket?: never) => infer Client ? WatchedRows<Client> : never;
}[keyof Module];

/** The rows of the tables of a family, by operation. @public */
export type FleetRows<Name extends FamilyName> = ModuleRows<Awaited<ReturnType<(typeof families)[Name]>>>;

/** The operations of a family whose tables a fleet can carry. @public */
export type FleetOp<Name extends FamilyName> = keyof FleetRows<Name> & string;

/** A row of a table of a fleet. @public */
export type FleetRow<Name extends FamilyName, Op extends FleetOp<Name>> = FleetRows<Name>[Op] & object;
