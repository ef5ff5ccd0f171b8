export { checkArray, checkBoolean, checkInteger, checkIterable, checkOptionNames, kindOf } from './checks.js';
export { suggestion } from './suggestion.js';
export { omitUndefined } from './omit-undefined.js';
