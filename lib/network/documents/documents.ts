import { type Observable, map } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import type { RouteNames } from '../names/route-names.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import type { VerbOptions } from '../tables/verbs.js';
import type { NetworkDocument } from './document.js';
import { documentModels } from './document-models.js';
import { readDocument } from './parse/read-document.js';
import { makePlan } from './plan/make-plan.js';
import type { Plan } from './plan/plan.js';
import { planNamespace } from './plan/plan-namespace.js';
import { readState } from './state/read-state.js';

/** The verbs of documents. @public */
export interface DocumentVerbs {
  /**
   * Emits what differs between a document and the namespace. Nothing is written.
   *
   * @throws {@link NetworkError} with the path of what is wrong in the document.
   */
  plan(document: NetworkDocument, options?: VerbOptions): Observable<Plan>;
}

/** Returns the verbs of documents. @internal */
export function documentVerbs(clients: NetworkClients, words: RouteNames): DocumentVerbs {
  const models = documentModels(clients, words);
  return {
    plan: (document, options = {}) => {
      checkVerbOptions('plan', options);
      return runVerb({ verb: 'plan', subject: () => 'document', missing: [] }, options, () => {
        const parsed = readDocument(models, document);
        return readState(models, parsed).pipe(map((state) => makePlan(document, planNamespace(models, parsed, state))));
      });
    },
  };
}
