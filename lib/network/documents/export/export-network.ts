import { type Observable, forkJoin, map } from 'rxjs';
import type { NetworkClients } from '../../clients.js';
import { runVerb } from '../../tables/run-verb.js';
import type { NetworkDocument } from '../document.js';
import { parseOwns } from '../parse/parse-owns.js';
import { at } from '../parse/path.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { checkExportOptions } from './check-options.js';
import { exportDocument } from './export-document.js';
import { exportFirewall } from './export-firewall.js';
import type { ExportOptions } from './export.js';
import { readForExport } from './read-export.js';

/** Emits the document of what is configured. @internal */
export function exportNetwork(clients: NetworkClients, models: DocumentModels, options: ExportOptions): Observable<NetworkDocument> {
  const { only, owns, ...rest } = checkExportOptions(options);
  return runVerb({ verb: 'export', subject: () => 'network', missing: [] }, rest, () => {
    const owned = owns === undefined ? {} : at('owns', () => parseOwns(models, owns, new Map()));
    return forkJoin([readForExport(clients, models, only), exportFirewall(clients, only)]).pipe(
      map(([state, firewall]) => ({
        ...exportDocument(models, state, only, owns, owned),
        ...(firewall !== undefined && { firewall }),
      })),
    );
  });
}
