// Names that other rooms need and that no entry point exports.

export { watchCounted, type Counted } from './firewall/verbs/counted.js';
