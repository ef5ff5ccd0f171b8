import { type Observable, concat, mergeMap, of, using } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import type { Names } from '../names/names.js';
import type { RouteNames } from '../names/route-names.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import type { VerbOptions } from '../tables/verbs.js';
import type { NetworkDocument } from './document.js';
import { documentModels } from './document-models.js';
import { exportNetwork } from './export/export-network.js';
import type { ExportOptions } from './export/export.js';
import { applyVerbs, type ApplyVerbs } from './apply/apply-verbs.js';
import { planDocument, requireFree } from './plan/plan-document.js';
import { checkFirewalls } from './plan/plan-firewall-part.js';
import type { Plan } from './plan/plan.js';
import { Sites } from './site.js';

/** The verbs of documents. @public */
export interface DocumentVerbs extends ApplyVerbs {
  /**
   * Emits what differs between a document and the namespace. Nothing is written.
   *
   * @throws {@link NetworkError} with the path of what is wrong in the document.
   */
  plan(document: NetworkDocument, options?: VerbOptions): Observable<Plan>;
  /**
   * Emits the document of what is configured, without what the kernel and daemons of autoconfiguration made, and without defaults.
   *
   * Its plan is empty, and an empty namespace becomes the same by it, except the keys of WireGuard, virtual functions, and links of
   * drivers, which no document creates.
   *
   * @example The configuration as a file
   * ```ts
   * const document = await firstValueFrom(net.export());
   * writeFileSync('network.json', JSON.stringify(document, undefined, 2));
   * ```
   */
  export(options?: ExportOptions): Observable<NetworkDocument>;
}

/** Returns the verbs of documents. @internal */
export function documentVerbs(clients: NetworkClients, names: Names, words: RouteNames): DocumentVerbs {
  /** Runs with the namespaces of one verb. */
  const withSites = <T>(run: (sites: Sites) => Observable<T>): Observable<T> =>
    using(
      () => {
        const sites = new Sites(clients, names, words);
        return { sites, unsubscribe: () => sites.close() };
      },
      (resource) => run((resource as unknown as { readonly sites: Sites }).sites),
    );
  return {
    ...applyVerbs(withSites),
    plan: (document, options = {}) => {
      checkVerbOptions('plan', options);
      return runVerb({ verb: 'plan', subject: () => 'document', missing: [] }, options, () =>
        withSites((sites) => planDocument(sites, document)).pipe(
          mergeMap(({ plan, created, firewalls }) => {
            created.forEach(requireFree);
            return concat(checkFirewalls(firewalls, 'plan'), of(plan));
          }),
        ),
      );
    },
    export: (options = {}) => exportNetwork(clients, documentModels(clients, words), options),
  };
}
