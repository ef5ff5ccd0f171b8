import { shardOf, stateStream, stateSubject, type Shard } from '../subjects.js';
import type { FleetConnection } from './fleet-connection.js';
import { ApiCode, apiCode, serverError } from './server-error.js';

/** Returns the subjects of the messages of a stream; none if there is no such stream. @internal */
export async function storedSubjects(fleet: FleetConnection, stream: string, filter: string): Promise<readonly string[]> {
  const { streams } = await fleet.manager;
  try {
    const { state } = await streams.info(stream, { subjects_filter: filter });
    return Object.keys(state.subjects ?? {});
  } catch (error) {
    if (apiCode(error) === ApiCode.StreamNotFound) return [];
    throw serverError(`fleet: stream ${stream}`, error);
  }
}

/** Returns the shards of a cell that the server has; `*` selects all hosts, families or operations. @internal */
export async function storedShards(
  fleet: FleetConnection,
  cell: number,
  selection: { readonly host: string; readonly family: string; readonly op: string },
): Promise<readonly Shard[]> {
  const subjects = await storedSubjects(fleet, stateStream(cell), stateSubject({ ...selection, cell, shard: '*' }));
  return subjects.flatMap((subject) => shardOf(subject) ?? []);
}
