import type { HeaderNames } from '../header-names.js';

export const ioam6Names: HeaderNames = {
  headers: ['linux/ioam6_genl.h'],
  sets: { ioam6: 'IOAM6_ATTR_', event: 'IOAM6_EVENT_ATTR_' },
  operations: { prefix: 'IOAM6_CMD_' },
  names: { 'operation/trace': 'IOAM6_EVENT_TRACE' },
};
