import { type Observable, map, of } from 'rxjs';
import type { Firewall } from '../../firewall/index.js';
import { planFirewall } from '../../firewall/plan/plan-firewall.js';
import { readFirewall, type FirewallState } from '../../firewall/state/firewall-state.js';
import { at } from '../parse/path.js';
import type { Site } from '../site.js';
import type { PlanDifference } from './plan.js';

/** The firewall of a document in one namespace, with the tables that were read. @internal */
export interface FirewallPart {
  readonly site: Site;
  readonly wanted: Firewall;
  /** Only the tables that the document lists. */
  readonly state: FirewallState;
  readonly differences: readonly PlanDifference[];
}

/** Reads the tables that a document lists, at one generation. @internal */
export function readListed({ clients }: Site, { tables }: Firewall): Observable<FirewallState> {
  const listed = new Set(tables.map(({ family, name }) => `${family} ${name}`));
  return readFirewall(clients.nftables, { only: ({ family, name }) => listed.has(`${family} ${name}`) });
}

/** Compares the firewall of a document with the tables of its namespace. @throws FieldError @internal */
export function planFirewallPart(site: Site, wanted: Firewall, isNew: boolean): Observable<FirewallPart> {
  const state = isNew ? of<FirewallState>({ generation: 0, tables: [] }) : readListed(site, wanted);
  return state.pipe(
    map((found) => ({ site, wanted, state: found, differences: at('firewall', () => planFirewall(wanted, found).differences) })),
  );
}
