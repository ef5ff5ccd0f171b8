import type { Row } from '../bench.js';
import { dashboardRow } from './dashboard.js';
import { dumpRows } from './dump.js';
import { heapRow, keptRow } from './heap.js';
import { poolRow } from './pool.js';
import { sequentialRow, typedRequestRows, writesRow } from './requests.js';
import { packetRows } from './packets.js';
import { socketsRows } from './sockets.js';
import { filterRow, stormRow, watchedStormRow } from './storm.js';

/** The rows of the table, in its order. */
export const rows: readonly Row[] = [
  ...dumpRows,
  sequentialRow,
  ...typedRequestRows,
  writesRow,
  stormRow,
  filterRow,
  watchedStormRow,
  poolRow,
  heapRow,
  keptRow,
  ...socketsRows,
  ...packetRows,
  dashboardRow,
];
