export { parsePercent, type Percent } from './percent.js';
export { parseRate, type Rate } from './rate.js';
export { parseSize, type Size } from './size.js';
export { parseTime, type Time } from './time.js';
