import type { ExportTable } from '../../network/index.js';

/** The tables that `export --only` accepts. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  'links',
  'addresses',
  'neighbours',
  'fdb',
  'qdiscs',
  'routes',
  'rules',
  'nexthops',
  'firewall',
];
