import { type Observable, catchError, concat, ignoreElements, map, of } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import { FieldError } from '../../common/field-error.js';
import { translateError } from '../../common/translate-error.js';
import type { Firewall } from '../../firewall/index.js';
import { dryRun } from '../../firewall/plan/dry-run.js';
import { planFirewall, type FirewallPlan } from '../../firewall/plan/plan-firewall.js';
import { readFirewall, type FirewallState } from '../../firewall/state/firewall-state.js';
import { at, joined } from '../parse/path.js';
import type { Site } from '../site.js';
import type { PlanDifference } from './plan.js';

/** The firewall of a document in one namespace, with the tables that were read. @internal */
export interface FirewallPart {
  readonly site: Site;
  readonly wanted: Firewall;
  /** Only the tables that the document lists. */
  readonly state: FirewallState;
  readonly differences: readonly PlanDifference[];
  readonly plan: FirewallPlan;
  /** True if the namespace does not exist yet. */
  readonly isNew: boolean;
}

/** Reads the tables that a document lists, at one generation. @internal */
export function readListed({ clients }: Site, { tables }: Firewall): Observable<FirewallState> {
  const listed = new Set(tables.map(({ family, name }) => `${family} ${name}`));
  return readFirewall(clients.nftables, { only: ({ family, name }) => listed.has(`${family} ${name}`) });
}

/** Compares the firewall of a document with the tables of its namespace. @throws FieldError @internal */
export function planFirewallPart(site: Site, wanted: Firewall, isNew: boolean): Observable<FirewallPart> {
  const state = isNew ? of<FirewallState>({ generation: 0, tables: [] }) : readListed(site, wanted).pipe(catchError(refuseDenied));
  return state.pipe(
    map((found) => {
      const plan = at('firewall', () => planFirewall(wanted, found));
      return { site, wanted, state: found, differences: plan.differences, plan, isNew };
    }),
  );
}

/** @throws FieldError `denied` for a reading that the kernel does not permit: other tables of the document need no capability. */
function refuseDenied(error: unknown): never {
  if (!isKernelError(error, 'EPERM')) throw error;
  throw new FieldError('firewall', `reading it needs CAP_NET_ADMIN in its namespace (${error.code})`, 'denied', error);
}

/** A firewall that differs, with what a dry run needs. @internal */
export interface FirewallChange extends FirewallPart {
  /** The path of the document of its namespace. */
  readonly path: string;
  /** Returns true for the name of a link that the plan creates or renames. */
  readonly isMade: (link: string) => boolean;
}

/**
 * Has the kernel check the firewalls of namespaces that exist before anything is written. Emits nothing, then completes.
 *
 * @param verb - The verb in errors.
 * @throws NetworkError as the error signal, with the place of what the kernel rejects.
 * @internal
 */
export function checkFirewalls(firewalls: readonly FirewallChange[], verb: string): Observable<never> {
  // In another namespace, hooks and connection tracking would be on for that time.
  const existing = firewalls.filter(({ isNew }) => !isNew);
  const checks = existing.map(({ site, plan, isMade, path }) =>
    dryRun(plan, {
      client: site.clients.nftables,
      isMade,
      errorAt: (error, place) =>
        translateError(error, { verb, subject: () => 'document', missing: ['ENOENT'], path: joined(path, joined('firewall', place)) }),
    }),
  );
  return concat(...checks).pipe(ignoreElements());
}
