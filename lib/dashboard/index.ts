export { dashboard, type DashboardOptions } from './dashboard.js';
export { linkRates } from './link-rates.js';
export type { Cell, ColumnHead, Rate, TableHead, TableName } from './protocol.js';
export { toRows, type Cells, type RowsChange } from './tables/object-keys.js';
export type { TableSource } from './tables/table-source.js';
export { watchTopology, type OwnNamespace } from './topology/watch-topology.js';
