import { concatMap, from, ignoreElements, tap, type Observable } from 'rxjs';
import type { Site, SiteChange } from '../site.js';
import { extendSnapshot, takeSnapshot, touchesTraffic, type Snapshot } from './snapshot.js';
import { writtenDevices } from './wireguard-devices.js';

/** The snapshots of one application: of each network namespace as it was before its first change. @internal */
export class Snapshots {
  #taken: readonly Snapshot[] = [];
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get taken(): readonly Snapshot[] {
    return this.#taken;
  }

  /**
   * Reads the namespaces that changes write for the first time, and of others the tables that have not been read before.
   *
   * @param isNew - Returns true for a namespace that the application has created. It needs no snapshot: it is deleted as a whole.
   */
  takeBefore(changes: readonly SiteChange[], isNew: (site: Site) => boolean): Observable<never> {
    const known = new Map(this.#taken.map((snapshot) => [snapshot.site, snapshot]));
    const sites = new Set(changes.map(({ site }) => site));
    return from([...sites].filter((site) => !isNew(site))).pipe(
      concatMap((site) => {
        const snapshot = known.get(site);
        const isTraffic = touchesTraffic(changes, site);
        const devices = writtenDevices(site, changes);
        const isWritten = (index: number): boolean => devices.has(index);
        return snapshot === undefined ? takeSnapshot(site, isTraffic, isWritten) : extendSnapshot(snapshot, isTraffic, isWritten);
      }),
      tap((snapshot) => {
        this.#signal.throwIfAborted();
        this.#taken = known.has(snapshot.site)
          ? this.#taken.map((each) => (each.site === snapshot.site ? snapshot : each))
          : [...this.#taken, snapshot];
      }),
      ignoreElements(),
    );
  }
}
