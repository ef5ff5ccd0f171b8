import type { Difference } from '../../tables/verbs.js';
import type { Firewall } from '../firewall.js';
import type { Operation } from '../objects/thing.js';
import type { FirewallState } from '../state/firewall-state.js';
import { foundTable } from '../state/found-table.js';
import { planTable } from './plan-table.js';
import { wantedTables } from './wanted-table.js';

/** The differences between a document and the tables that were read, and the transaction that removes them. @internal */
export interface FirewallPlan {
  readonly differences: readonly Difference[];
  readonly operations: readonly Operation[];
  /** The generation of the tables that the operations rely on. */
  readonly generation: number;
  readonly isEmpty: boolean;
}

/** The first number of an anonymous set; 1 is that of all sets with a name. */
const FIRST_ID = 2;

/** Checks a document as far as that is possible without the tables of the kernel. @throws FieldError @internal */
export function checkFirewall(firewall: Firewall): void {
  let id = FIRST_ID;
  for (const wanted of wantedTables(firewall)) planTable(wanted, null, () => id++);
}

/** Compares a document with the tables that were read. Tables that it does not list are not touched. @throws FieldError @internal */
export function planFirewall(firewall: Firewall, state: FirewallState): FirewallPlan {
  let id = FIRST_ID;
  const plans = wantedTables(firewall).map((wanted) => {
    const found = state.tables.find(({ family, name }) => family === wanted.family && name === wanted.name);
    return planTable(wanted, found && foundTable(found), () => id++);
  });
  const differences = plans.flatMap((plan) => plan.differences);
  const operations = plans.flatMap((plan) => plan.operations);
  return { differences, operations, generation: state.generation, isEmpty: differences.length === 0 };
}
