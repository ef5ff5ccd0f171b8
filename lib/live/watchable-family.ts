import type { FamilySocket } from '../client/index.js';
import type { FamilyTypes, TypedFamilySchema } from '../schema/index.js';
import { WatchableClient } from './watchable-client.js';
import type { WatchDeclarations } from './watch-declaration.js';

/** Makes a client of one family whose tables can be watched. @public */
export type WatchableFamilyFactory<Family extends FamilyTypes> = (socket?: FamilySocket) => WatchableClient<Family>;

/**
 * Makes the factory of a family, as each of the family modules exports one.
 *
 * @param schema - The family's descriptor.
 * @param declarations - What has to be known to watch its tables.
 * @public
 */
export function watchableFamily<Family extends FamilyTypes>(
  schema: TypedFamilySchema<Family>,
  declarations: WatchDeclarations<Family> = {},
): WatchableFamilyFactory<Family> {
  return (socket) => new WatchableClient(schema, declarations, socket);
}
