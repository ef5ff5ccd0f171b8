export { liveCollection, type LiveCollectionOptions } from './live-collection.js';
export { type LiveChange, type LiveDifference, type LiveEvent, type SyncReason } from './live-change.js';
export { toMap } from './to-map.js';
export { WatchableClient } from './watchable-client.js';
export { watchableFamily, type WatchableFamilyFactory } from './watchable-family.js';
export { type WatchDeclaration, type WatchDeclarations } from './watch-declaration.js';
export { SlotStore, type SlotStoreOptions } from './slot-store.js';
export { type LiveStore } from './live-store.js';
