import { eventCases } from './event-cases.js';
import { requestCases } from './request-cases.js';
import { socketCases } from './socket-cases.js';
import type { ContractCase } from './world.js';

/** The behaviour in which a fake kernel and the running one must agree. */
export const contractCases: Readonly<Record<string, readonly ContractCase[]>> = {
  Requests: requestCases,
  'Events and losses': eventCases,
  Sockets: socketCases,
};
