// Names that other rooms need and that no entry point exports.

export { describeFamily } from './generate.js';
