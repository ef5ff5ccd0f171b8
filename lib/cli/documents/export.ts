import { catchError, concatMap, defer, ignoreElements, map, of, tap, type Observable } from 'rxjs';
import { isNetworkError, type ExportTable, type Network } from '../../network/index.js';
import type { Action, Call } from '../command.js';
import { jsonText } from '../output/json-text.js';
import { tableSuggestion } from '../run/table-suggestion.js';
import { UsageError } from '../run/usage-error.js';
import { EXPORT_TABLES } from './export-tables.js';
import { withNetwork } from './with-network.js';

/** `rxnetlink export`: a document of what is there, as JSON for an editor. */
export const action: Action = (call) =>
  defer(() => {
    const only = call.options['only'] as string | undefined;
    const options = only === undefined ? {} : { only: only.split(',').map(tableOf) };
    return withNetwork(call, (net) =>
      net
        .export(options)
        .pipe(
          concatMap((document) =>
            only === undefined && document.firewall === undefined ? noteUnread(call, net).pipe(map(() => document)) : of(document),
          ),
        ),
    );
  }).pipe(
    tap((document) => {
      call.output.lines([jsonText(document, 2)]);
    }),
    ignoreElements(),
  );

/** Notes why the document has no firewall, if this process may not read it: the document is not a whole backup then. */
function noteUnread({ output }: Call, net: Network): Observable<unknown> {
  return net.export({ only: ['firewall'] }).pipe(
    catchError((error: unknown) => {
      if (isNetworkError(error, 'denied')) output.note('rxnetlink: not exported: firewall: needs CAP_NET_ADMIN in its namespace');
      return of(undefined);
    }),
  );
}

function tableOf(word: string): ExportTable {
  const found = EXPORT_TABLES.find((table) => table === word);
  if (found !== undefined) return found;
  throw new UsageError(`--only ${word}: no such table; ${tableSuggestion(word, EXPORT_TABLES) || `expected ${EXPORT_TABLES.join(', ')}`}`);
}
