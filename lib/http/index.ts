export { checkLoopback, CONNECTION_LIMITS, LOOPBACK } from './loopback.js';
export { refuse, type Rejection, type RequestHead } from './request-head.js';
