export { liveCollection, type LiveCollectionOptions } from './live-collection.js';
export { type LiveChange, type LiveDifference, type LiveEvent, type ChangedProperty, type SyncReason } from './live-change.js';
export { toMap } from './to-map.js';
export { LiveTable } from './tables/live-table.js';
export { watchTables, type LiveTables, type TableDifference, type TablesChange } from './tables/watch-tables.js';
export { WatchableClient } from './watchable-client.js';
export { watchableFamily, type WatchableFamilyFactory } from './watchable-family.js';
export {
  type FamilyDump,
  type FamilyTrigger,
  type WatchDeclaration,
  type WatchDeclarations,
  type WatchOf,
  type UnwatchableReason,
  type WatchTrigger,
  type WatchedTable,
} from './watch-declaration.js';
export { type ComparisonOptions } from './stores/keyed-store.js';
export { MultisetStore, type MultisetStoreOptions } from './stores/multiset-store.js';
export { OrderedStore, type OrderRule, type OrderedStoreOptions } from './stores/ordered-store.js';
export { type LiveObjectEvent, type LiveStore } from './stores/live-store.js';
export { coalesce, type CoalesceOptions } from './coalesce.js';
export { flaps, type Flap, type FlapsOptions } from './flaps.js';
export { rates, type Rates, type RatesOptions } from './rates.js';
export { settle, type SettleOptions } from './settle.js';
