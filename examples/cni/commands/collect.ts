import { catchError, concatMap, defer, EMPTY, endWith, from, ignoreElements, map, type Observable } from 'rxjs';
import { isSame } from '../addresses/reservations.js';
import { CniError, ErrorCode, toCniError } from '../errors.js';
import { forAttachment, type Call } from './call.js';
import { remove } from './remove.js';

/** Deletes every attachment that the runtime does not list: `GC`. A failure does not stop it; the error names all failures. */
export function collect(call: Call): Observable<void> {
  const valid = call.configuration.validAttachments;
  if (valid === undefined) {
    const details = 'cni.dev/valid-attachments is missing; it must list the attachments to keep, [] deletes all of this network';
    throw new CniError(ErrorCode.InvalidConfiguration, 'invalid network configuration', details);
  }
  return defer(() => {
    const failures: CniError[] = [];
    const stale = call.reservations.list().filter((reservation) => !valid.some((owner) => isSame(owner, reservation)));
    return from(stale).pipe(
      concatMap((owner) =>
        remove(forAttachment(call, owner)).pipe(
          catchError((error: unknown) => {
            failures.push(toCniError(error));
            return EMPTY;
          }),
        ),
      ),
      ignoreElements(),
      endWith(undefined),
      map(() => {
        const [first] = failures;
        if (first !== undefined) throw new CniError(first.code, first.message, failures.map(({ details }) => details).join('; '));
      }),
    );
  });
}
