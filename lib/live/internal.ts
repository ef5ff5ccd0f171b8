// Names that other rooms need and that no entry point exports.

export { VersionedMap } from './versions/versioned-map.js';
