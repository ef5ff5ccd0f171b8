export { loadFamily, type LoadOptions } from './load-family.js';
export type { UntypedFamily, UntypedOperation, UntypedValue } from './untyped-family.js';
export { SpecError } from '../codegen/index.js';
