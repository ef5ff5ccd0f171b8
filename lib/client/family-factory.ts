import type { FamilyTypes, TypedFamilySchema } from '../schema/index.js';
import { FamilyClient } from './family-client.js';
import type { FamilySocket } from './family-socket.js';

/** Makes a client of one family. @public */
export type FamilyFactory<Family extends FamilyTypes> = (socket?: FamilySocket) => FamilyClient<Family>;

/**
 * Makes the factory of a family, as each of the family modules exports one.
 *
 * @param schema - The family's descriptor.
 * @public
 */
export function familyFactory<Family extends FamilyTypes>(schema: TypedFamilySchema<Family>): FamilyFactory<Family> {
  return (socket) => new FamilyClient(schema, socket);
}
