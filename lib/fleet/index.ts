export { FleetError, type FleetErrorReason } from './fleet-error.js';
export { agent } from './agent/agent.js';
export { type AgentEvent } from './agent/agent-event.js';
export { type AgentOptions } from './agent/agent-options.js';
export { forgetHost, type ForgetHostOptions, type ForgottenHost } from './agent/forget-host.js';
export { type FleetTableName, type WatchedTableName } from './agent/table-names.js';
export { Fleet, fleet } from './reader/fleet.js';
export {
  type FleetChange,
  type FleetPresence,
  type FleetSilentReason,
  type FleetSyncReason,
  type HostChange,
} from './reader/fleet-change.js';
export { type FleetOptions } from './reader/fleet-options.js';
export { type FleetOp, type FleetRow, type FleetRows, type ModuleRows, type WatchedRows } from './reader/fleet-tables.js';
export {
  type ConntrackStatistics,
  type FirewallCount,
  type LinkCounterName,
  type LinkCounters,
  type SampledRows,
  type SampledTableName,
  type SocketCount,
} from './sampled/sampled-rows.js';

/* Netlink sockets of other hosts */
export { remote, type RemoteOptions } from './remote/remote.js';
export { serveRemote, type RemoteEvent, type ServeRemoteOptions } from './remote/serve-remote.js';
export { type PolicyNames, type RemotePolicy } from './remote/policy/policy-options.js';
