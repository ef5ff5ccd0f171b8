// Names that other rooms need and that no entry point exports.

export { schemaOfSpecification } from './generate.js';
