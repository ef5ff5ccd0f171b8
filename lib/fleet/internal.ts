/* Names of this room for the command. */
export { checkAgentOptions } from './agent/agent-options.js';
export { hostFilter, type HostFilter } from './reader/fleet-options.js';
export { Policy } from './remote/policy/policy.js';
export { rowKey } from './log/row-keys.js';
export { fleetConnection } from './server/fleet-connection.js';
export { forEachCell, storedCells } from './server/stored-cells.js';
export { storedShards, storedSubjects } from './server/stored-shards.js';
export { ensureStreams, shrinkStream } from './server/streams.js';
export { ALIVE_STREAM, aliveSubject, checkHostName, decodeToken, stateStream } from './subjects.js';
