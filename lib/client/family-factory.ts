import type { FamilyTypes, TypedFamilySchema } from '../schema/index.js';
import { FamilyClient } from './family-client.js';
import type { FamilySocket } from './family-socket.js';

/** Creates a client of one family. @public */
export type FamilyFactory<Family extends FamilyTypes> = (socket?: FamilySocket) => FamilyClient<Family>;

/**
 * Creates the factory of a family. Each family module exports one.
 *
 * @param schema - The family's descriptor.
 * @public
 */
export function familyFactory<Family extends FamilyTypes>(schema: TypedFamilySchema<Family>): FamilyFactory<Family> {
  return (socket) => new FamilyClient(schema, socket);
}
