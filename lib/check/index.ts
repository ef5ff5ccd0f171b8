export {
  checkArray,
  checkBoolean,
  checkCount,
  checkFunction,
  checkInteger,
  checkIterable,
  checkOptionNames,
  checkTime,
  kindOf,
} from './checks.js';
export { suggestion } from './suggestion.js';
export { omitUndefined } from './omit-undefined.js';
