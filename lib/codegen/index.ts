export { SpecError } from './spec-error.js';
