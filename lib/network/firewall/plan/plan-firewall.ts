import type { Difference } from '../../tables/verbs.js';
import type { Firewall } from '../firewall.js';
import type { Operation } from '../objects/thing.js';
import type { FirewallState } from '../state/firewall-state.js';
import { foundTable } from '../state/found-table.js';
import { planTable } from './plan-table.js';
import { wantedTables, type WantedTable } from './wanted-table.js';

/** The differences between a document and the tables that were read, and the transaction that removes them. @internal */
export interface FirewallPlan {
  readonly differences: readonly Difference[];
  readonly operations: readonly Operation[];
  /** The generation of the tables that the operations rely on. */
  readonly generation: number;
  readonly isEmpty: boolean;
  /** Returns the place of an operation in the document; that of the table for something that the document does not list. */
  readonly placeOf: (operation: Operation) => string;
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
  const wanted = wantedTables(firewall);
  const plans = wanted.map((table) => {
    const found = state.tables.find(({ family, name }) => family === table.family && name === table.name);
    return planTable(table, found && foundTable(found), () => id++);
  });
  const differences = plans.flatMap((plan) => plan.differences);
  const operations = plans.flatMap((plan) => plan.operations);
  const placeOf = (operation: Operation): string =>
    placeIn(wanted[plans.findIndex((plan) => plan.operations.includes(operation))]!, operation);
  return { differences, operations, generation: state.generation, isEmpty: differences.length === 0, placeOf };
}

function placeIn({ path, places }: WantedTable, { op, place, request }: Operation): string {
  if (place !== undefined) return place;
  const { chain, set, name = '' } = request as { readonly chain?: string; readonly set?: string; readonly name?: string };
  const space = chain !== undefined ? 'chain' : set !== undefined ? 'set' : op.slice(3);
  const end = ` ${chain ?? set ?? name}`;
  return [...places].find(([key]) => key.startsWith(space) && key.endsWith(end))?.[1] ?? path;
}
