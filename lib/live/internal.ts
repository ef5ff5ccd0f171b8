// Names that other rooms need and that no entry point exports.

export { resyncSource } from './live-collection.js';
export { changed, differences, sameValue } from './stores/differences.js';
export { VersionedMap } from './versions/versioned-map.js';
export { joinTables } from './tables/watch-tables.js';
