export { type FamilyBatchResult } from './request/batch.js';
export {
  FamilyClient,
  type FamilyOperation,
  type ListOptions,
  type NotificationIn,
  type PickedNotificationIn,
  type SyncListOptions,
} from './family-client.js';
export { familyFactory, type FamilyFactory } from './family-factory.js';
export { type DumpOptions } from './request/family-requests.js';
export { type FamilyOptions, type FamilySocket } from './family-socket.js';
export { type FamilyNotification } from './notifications.js';
export { type PickOption, type PickedOf, type PickedOfEach, type PickedRow, type PropertyOf } from './picked-row.js';
export { type DoOptions, type OperationFlags, type SyncDoOptions } from './request/request-flags.js';
export { type FamilyTransactionOptions } from './request/transaction.js';
export { type FilterReader, type FindFilters, type RowFilters } from './request/dump-filter.js';
export type { UntypedFamily, UntypedOperation, UntypedValue } from './untyped-family.js';
