import { type Observable, catchError, of, throwError } from 'rxjs';
import { rejectedOperations } from '../../../client/internal.js';
import { isKernelError, StaleGenerationError } from '../../../errors/index.js';
import { TableFlags } from '../../../families/nftables.js';
import type { Operation } from '../objects/thing.js';
import type { NftablesClient } from '../state/firewall-state.js';
import { transact } from './commit-firewall.js';
import type { FirewallPlan } from './plan-firewall.js';

/** The circumstances of a dry run. @internal */
export interface DryRun {
  readonly client: NftablesClient;
  /** Returns true for the name of a link that does not exist before the plan is applied. */
  readonly isMade: (link: string) => boolean;
  /** Returns the error for one of the kernel, and the place of its operation in the document. */
  readonly errorAt: (error: unknown, place: string) => unknown;
}

/**
 * Has the kernel carry out a plan without committing it, as `nft --check` does; emits once, then completes.
 *
 * The kernel checks expressions, hooks, references, and the jumps of tables that exist. It cannot check what needs links that do not exist.
 * Tables are dormant meanwhile: it wakes one up when it reads the message (nf_tables_updtable), and its chains would see packets.
 *
 * @internal
 */
export function dryRun({ operations, generation, placeOf }: FirewallPlan, { client, isMade, errorAt }: DryRun): Observable<void> {
  const possible = operations.map((operation) => withoutLinks(operation, isMade));
  return transact(client, possible.map(dormant), { dryRun: true, generation }).pipe(
    catchError((error: unknown) => {
      // Another program has changed the tables since they were read; `apply` reads them again.
      if (error instanceof StaleGenerationError) return of(undefined);
      const index = isKernelError(error) ? (rejectedOperations.get(error) ?? -1) : -1;
      const isUncertain = index < 0 ? isKernelError(error, 'EPERM') : possible[index] !== operations[index];
      return isUncertain ? of(undefined) : throwError(() => errorAt(error, index < 0 ? '' : placeOf(operations[index]!)));
    }),
  );
}

/** The part of a request that names links. */
interface Hook {
  readonly devs?: { readonly name: readonly string[] };
}

/** Returns an operation without the links that do not exist yet. A chain needs one: the loopback link stands for them. */
function withoutLinks(operation: Operation, isMade: (link: string) => boolean): Operation {
  const { hook } = operation.request as { readonly hook?: Hook };
  const names = hook?.devs?.name ?? [];
  const left = names.filter((name) => !isMade(name));
  if (left.length === names.length) return operation;
  if (left.length === 0 && operation.op === 'newchain') left.push('lo');
  const { devs: _devs, ...rest } = hook!;
  return withRequest(operation, { hook: { ...rest, ...(left.length > 0 && { devs: { name: left } }) } });
}

function dormant(operation: Operation): Operation {
  if (operation.op !== 'newtable') return operation;
  return withRequest(operation, { flags: (operation.request.flags ?? 0) | TableFlags.Dormant });
}

function withRequest(operation: Operation, part: object): Operation {
  return { ...operation, request: { ...operation.request, ...part } } as Operation;
}
