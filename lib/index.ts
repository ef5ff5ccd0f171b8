/* Sockets */
export * from './socket/index.js';

/* Messages and attributes */
export * from './wire/index.js';

/* Typed families */
export * from './client/index.js';
export { Indexes, Unknown, stringify, unknownAttributes } from './schema/index.js';

/* Operators */
export * from './operators/index.js';

/* Errors */
export * from './errors/index.js';
