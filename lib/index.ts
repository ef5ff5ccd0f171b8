/* Sockets */
export * from './socket/index.js';

/* Messages and attributes */
export * from './wire/index.js';

/* Operators */
export * from './operators/index.js';

/* Errors */
export * from './errors/index.js';
