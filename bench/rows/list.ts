import type { Row } from '../bench.js';
import { clientsRow } from './clients.js';
import { conntrackRow } from './conntrack.js';
import { dashboardRow } from './dashboard.js';
import { dumpRows } from './dump.js';
import { firstRow } from './first.js';
import { floorRows } from './floors.js';
import { heapRow, keptRow } from './heap.js';
import { importsRow } from './imports.js';
import { manySocketsRow } from './many-sockets.js';
import { poolRow } from './pool.js';
import { sequentialRows, typedRequestRows, writesRow } from './requests.js';
import { packetRows } from './packets.js';
import { resyncRow } from './resync.js';
import { socketsRows } from './sockets.js';
import { filterRow, stormFloorRow, stormRow, watchedStormRow } from './storm.js';

/** The rows of the table, in its order. */
export const rows: readonly Row[] = [
  ...dumpRows,
  ...floorRows,
  ...sequentialRows,
  ...typedRequestRows,
  writesRow,
  stormRow,
  stormFloorRow,
  filterRow,
  watchedStormRow,
  poolRow,
  heapRow,
  keptRow,
  resyncRow,
  clientsRow,
  manySocketsRow,
  importsRow,
  firstRow,
  ...socketsRows,
  ...packetRows,
  conntrackRow,
  dashboardRow,
];
