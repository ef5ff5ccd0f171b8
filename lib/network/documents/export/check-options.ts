import { checkVerbOptions } from '../../tables/run-verb.js';
import type { ExportOptions, ExportTable } from './export.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof ExportOptions>(['only', 'owns', 'signal', 'timeout']);

const TABLES: readonly ExportTable[] = ['links', 'addresses', 'neighbours', 'fdb', 'qdiscs', 'routes', 'rules', 'nexthops', 'firewall'];

/** Checks the options of `export`. @throws TypeError if one is not valid. @internal */
export function checkExportOptions(options: ExportOptions): ExportOptions {
  checkVerbOptions('export', options, OPTIONS);
  const { only } = options;
  if (only === undefined) return options;
  const unknown = Array.isArray(only)
    ? (only as readonly unknown[]).find((table) => !(TABLES as readonly unknown[]).includes(table))
    : only;
  if (unknown === undefined) return options;
  throw new TypeError(`export: option only: expected an array of ${TABLES.join(', ')}, not ${JSON.stringify(unknown)}`);
}
