export { loadFamily, type LoadOptions } from './load-family.js';
export type { UntypedFamily, UntypedOperation, UntypedValue } from '../client/index.js';
export { SpecError } from '../codegen/index.js';
