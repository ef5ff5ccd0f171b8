export { dashboard, type DashboardOptions } from './dashboard.js';
export { linkRates } from './link-rates.js';
export type { Cell, ColumnHead, Rate, TableHead, TableName } from './protocol.js';
export { mapToRows, toRows, type Cells, type RowsChange } from './tables/object-keys.js';
export { watchNamespace, type NamespaceRows } from './tables/namespace-rows.js';
export { watchRoutes } from './tables/watch-routes.js';
export type { TableSource } from './tables/table-source.js';
export { watchTopology, type OwnNamespace } from './topology/watch-topology.js';
