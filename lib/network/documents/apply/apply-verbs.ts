import { type Observable } from 'rxjs';
import { checkVerbOptions, runVerb } from '../../tables/run-verb.js';
import type { VerbOptions } from '../../tables/verbs.js';
import type { ReconcileEvent, ReconcileOptions } from '../reconcile/reconcile.js';
import { reconcile } from '../reconcile/reconcile-documents.js';
import type { NetworkDocument } from '../document.js';
import type { Plan } from '../plan/plan.js';
import type { Applied, ApplyEvent, ApplyOptions } from './apply.js';
import { applyDocument, resultOf } from './apply-document.js';
import { checkpoint, type Checkpoint } from './checkpoint.js';
import type { WithSites } from '../site.js';
import { Turns } from './turns.js';

/** The verbs that make a document true. @public */
export interface ApplyVerbs {
  /**
   * Writes what differs between a document and the namespace, verifies it, and emits the result.
   *
   * A failure undoes everything that was written: the rows of before are compared and written back. Unsubscribing, an aborted signal
   * and the timeout are failures too. There is no transaction: other programs see the states in between. Several applications of
   * one `network()` run one after the other.
   *
   * @param document - A document, or a plan: that is refused as `stale` if it would be another one now.
   * @throws {@link ApplyError} if something failed; {@link NetworkError} if the document is not valid.
   */
  apply(document: NetworkDocument | Plan, options?: ApplyOptions): Observable<Applied>;
  /**
   * Does the same as `apply`, and emits its progress. The last event has the result.
   *
   * Subscribe to it or take it with `lastValueFrom`: `firstValueFrom` unsubscribes behind the first event, which undoes everything.
   */
  applyWithProgress(document: NetworkDocument | Plan, options?: ApplyOptions): Observable<ApplyEvent>;
  /**
   * Keeps the namespace as a document describes it, until it is unsubscribed.
   *
   * It compares when something has changed, and repairs what differs; own writes cause no comparison. What cannot be written is
   * tried again later, and the rest is kept. Unsubscribing leaves everything as it is.
   *
   * @param documents - A document, or documents that take the place of each other. Their end changes nothing.
   */
  reconcile(documents: NetworkDocument | Observable<NetworkDocument>, options?: ReconcileOptions): Observable<ReconcileEvent>;
  /** Reads the state of the namespace, so that `rollback` can bring it back. */
  checkpoint(options?: VerbOptions): Observable<Checkpoint>;
}

/** Returns the verbs that write documents. @internal */
export function applyVerbs(withSites: WithSites): ApplyVerbs {
  const turns = new Turns();
  return {
    apply: (document, options = {}) => resultOf(applyDocument(withSites, turns, 'apply', document, options)),
    applyWithProgress: (document, options = {}) => applyDocument(withSites, turns, 'applyWithProgress', document, options),
    reconcile: (documents, options = {}) => reconcile(withSites, turns, documents, options),
    checkpoint: (options = {}) => {
      checkVerbOptions('checkpoint', options);
      return runVerb({ verb: 'checkpoint', subject: () => 'network', missing: [] }, options, () => checkpoint(withSites, turns));
    },
  };
}
