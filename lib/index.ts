/* Sockets */
export * from './socket/index.js';

/* Messages and attributes */
export * from './wire/index.js';

/* Typed families */
export {
  FamilyClient,
  familyFactory,
  type DoOptions,
  type DumpOptions,
  type FamilyFactory,
  type FamilyNotification,
  type FamilyOperation,
  type FamilyOptions,
  type FamilySocket,
  type ListOptions,
  type NotificationIn,
  type PickOption,
  type PickedNotificationIn,
  type PickedOf,
  type PickedOfEach,
  type PickedRow,
  type OperationFlags,
  type PropertyOf,
  type RowFilters,
  type FilterReader,
  type FindFilters,
  type SyncDoOptions,
  type SyncListOptions,
} from './client/index.js';
export { AddressFamily, Indexes, Unknown, stringify, type StringifyOptions, unknownAttributes } from './schema/index.js';

/* Live collections */
export * from './live/index.js';

/* Operators */
export * from './operators/index.js';

/* Errors */
export * from './errors/index.js';
