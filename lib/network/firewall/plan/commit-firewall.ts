import { type Observable, catchError, ignoreElements, defaultIfEmpty, map, of, throwError } from 'rxjs';
import type { FamilyTransactionOptions } from '../../../client/index.js';
import { isKernelError } from '../../../errors/index.js';
import type { Operation } from '../objects/thing.js';
import type { NftablesClient } from '../state/firewall-state.js';
import type { FirewallPlan } from './plan-firewall.js';

/**
 * Commits a plan in one transaction; emits once, then completes. If the kernel rejects an operation, nothing has changed.
 *
 * @throws StaleGenerationError if another transaction was committed since the tables were read: plan again.
 * @internal
 */
export function commitFirewall(client: NftablesClient, { operations, generation }: FirewallPlan): Observable<void> {
  return operations.length === 0 ? of(undefined) : transact(client, operations, { generation });
}

/** Sends operations in one transaction; emits once, then completes. @internal */
export function transact(client: NftablesClient, operations: readonly Operation[], options: FamilyTransactionOptions): Observable<void> {
  const send = (list: readonly Operation[]): Observable<void> =>
    client.transaction(list, options).pipe(
      ignoreElements(),
      defaultIfEmpty(undefined),
      map(() => undefined),
    );
  return send(operations).pipe(
    // Kernels before 6.3 lack deletions that succeed if the element is gone.
    catchError((error: unknown) =>
      isKernelError(error, 'EINVAL') && error.operation === 'destroysetelem' ? send(operations.map(required)) : throwError(() => error),
    ),
  );
}

function required(operation: Operation): Operation {
  return operation.op === 'destroysetelem' ? { ...operation, op: 'delsetelem' } : operation;
}
