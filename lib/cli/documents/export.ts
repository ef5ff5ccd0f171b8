import { defer, ignoreElements, tap } from 'rxjs';
import { suggestion } from '../../check/index.js';
import type { ExportTable } from '../../network/index.js';
import type { Action } from '../command.js';
import { jsonText } from '../output/json-text.js';
import { UsageError } from '../run/usage-error.js';
import { EXPORT_TABLES } from './export-tables.js';
import { withNetwork } from './with-network.js';

/** `rxnetlink export`: a document of what is there, as JSON for an editor. */
export const action: Action = (call) =>
  defer(() => {
    const only = call.options['only'] as string | undefined;
    const options = only === undefined ? {} : { only: only.split(',').map(tableOf) };
    return withNetwork(call, (net) => net.export(options));
  }).pipe(
    tap((document) => {
      call.output.lines([jsonText(document, 2)]);
    }),
    ignoreElements(),
  );

function tableOf(word: string): ExportTable {
  const found = EXPORT_TABLES.find((table) => table === word);
  if (found !== undefined) return found;
  throw new UsageError(`--only ${word}: no such table; ${suggestion(word, EXPORT_TABLES) || `expected ${EXPORT_TABLES.join(', ')}`}`);
}
