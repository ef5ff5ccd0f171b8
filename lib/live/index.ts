export { liveCollection, type LiveCollectionOptions } from './live-collection.js';
export { type LiveChange, type LiveDifference, type LiveEvent, type SyncReason } from './live-change.js';
export { toMap } from './to-map.js';
