export { describeFamily } from './generate.js';
export { SpecError } from './spec-error.js';
