import type { FamilySocket } from '../client/index.js';
import type { DumpName, FamilyTypes, TypedFamilySchema } from '../schema/index.js';
import { WatchableClient } from './watchable-client.js';
import type { WatchDeclarations } from './watch-declaration.js';

/** Creates a client of one family whose tables can be watched. @public */
export type WatchableFamilyFactory<Family extends FamilyTypes, Watched extends DumpName<Family> = DumpName<Family>> = (
  socket?: FamilySocket,
) => WatchableClient<Family, Watched>;

/**
 * Creates the factory of a family whose tables can be watched. Each family module exports one.
 *
 * @param schema - The family's descriptor.
 * @param declarations - A declaration for each operation of `Watched`; for others the reason why they cannot be watched.
 * @returns The factory. `Watched` is inferred from the type to which the caller assigns it, never from the declarations.
 * @public
 */
export function watchableFamily<Family extends FamilyTypes, Watched extends DumpName<Family> = never>(
  schema: TypedFamilySchema<Family>,
  declarations: WatchDeclarations<Family, NoInfer<Watched>>,
): WatchableFamilyFactory<Family, Watched> {
  return (socket) => new WatchableClient(schema, declarations, socket);
}
