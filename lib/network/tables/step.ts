import type { FamilyClient, OperationFlags } from '../../client/index.js';
import type { DoName, DoRequest, FamilyTypes } from '../../schema/index.js';

/** One request of a verb. @internal */
export interface Step {
  /** The client of the family. Its types are known where the step is made. */
  readonly client: FamilyClient<FamilyTypes>;
  readonly op: string;
  readonly request: object;
  readonly options: OperationFlags;
}

/** Returns a request of a verb. @internal */
export function step<Family extends FamilyTypes, Op extends DoName<Family>>(
  client: FamilyClient<Family>,
  op: Op,
  request: DoRequest<Family, Op>,
  options: OperationFlags = {},
): Step {
  return { client: client as unknown as FamilyClient<FamilyTypes>, op, request: request as object, options };
}
