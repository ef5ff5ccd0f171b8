import { map, type Observable } from 'rxjs';
import type { AttachmentCall } from './call.js';

/**
 * Disconnects a container: `DEL`. It succeeds if nothing is left to delete.
 *
 * The kernel deletes both ends of a pair together, so that the namespace of the container is not needed. The address is released after the
 * link is deleted: `GC` finds the rest of a `DEL` that was interrupted.
 */
export function remove({ host, hostLink, owner, reservations }: AttachmentCall): Observable<void> {
  return host.links.ensureAbsent(hostLink).pipe(map(() => reservations.release(owner)));
}
