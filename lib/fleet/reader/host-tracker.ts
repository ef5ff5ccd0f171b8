import { Observable, Subscription, share } from 'rxjs';
import { decodeBeat, isBehind, startedLater, type Beat, type WrittenRun } from '../log/beat.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { readStream } from '../server/streams.js';
import { forEachCell, storedCells } from '../server/stored-cells.js';
import { storedShards, storedSubjects } from '../server/stored-shards.js';
import { ALIVE_STREAM, aliveSubject, decodeToken } from '../subjects.js';
import type { FleetSilentReason, HostChange } from './fleet-change.js';
import type { CheckedFleetOptions } from './fleet-options.js';
import { followStream } from './follow-stream.js';
import type { StreamMessage } from './ordered-messages.js';

/** Milliseconds between two counts of the beats: half of the shortest interval, within these limits. */
const SHORTEST_TICK = 20;
const LONGEST_TICK = 1000;

/** Milliseconds after which the clock of the server is read again if beats seem to be old. */
const CLOCK_AGE = 5000;

interface TrackedHost {
  /** The last beat, and when the server stored it. */
  beat: (Beat & { readonly time: number }) | undefined;
  /** Milliseconds of the last beat, or of the time since when one is expected. */
  last: number;
  silent: { readonly since: number; readonly reason: FleetSilentReason } | undefined;
  isGone: boolean;
  /** True after it was removed from the fleet, until it beats again. */
  isForgotten?: boolean;
}

/**
 * Counts the beats of hosts, for all subscribers of a fleet. The server does not report that a beat is missing.
 *
 * @internal
 */
export class HostTracker {
  readonly #fleet: FleetConnection;
  readonly #options: CheckedFleetOptions;
  readonly #hosts = new Map<string, TrackedHost>();
  #emit: (change: HostChange) => void = () => undefined;
  readonly #changes: Observable<HostChange>;
  #isReadingClock = false;
  /** When the connection was found to be established again; undefined while it is lost. */
  #upSince: number | undefined;
  /** The value of `#upSince` for which hosts were looked for that the server does not know any more. */
  #checkedSince: number | undefined;

  constructor(fleet: FleetConnection, options: CheckedFleetOptions) {
    this.#fleet = fleet;
    this.#options = options;
    this.#changes = new Observable<HostChange>((subscriber) => {
      this.#emit = (change) => subscriber.next(change);
      subscriber.add(this.#follow((error) => subscriber.error(error)));
      subscriber.add(() => this.#hosts.clear());
    }).pipe(share());
  }

  /** Emits the hosts that are known, then each change. */
  changes(): Observable<HostChange> {
    return new Observable<HostChange>((subscriber) => {
      for (const [host, tracked] of this.#hosts) for (const change of currentState(host, tracked)) subscriber.next(change);
      return this.#changes.subscribe(subscriber);
    });
  }

  /** Counts the beats of a host of which only rows are known. */
  expect(host: string): void {
    if (!this.#hosts.has(host)) this.#hosts.set(host, { beat: undefined, last: Date.now(), silent: undefined, isGone: false });
  }

  /** Returns the current state of a host as it was emitted; undefined if it beats. */
  silentSince(host: string): { readonly since: number; readonly reason: FleetSilentReason } | undefined {
    return this.#hosts.get(host)?.silent;
  }

  /** Returns since when a host that is gone was silent; undefined if it is not gone. */
  goneSince(host: string): number | undefined {
    const tracked = this.#hosts.get(host);
    return tracked?.isGone === true ? tracked.silent?.since : undefined;
  }

  /** Returns true if the agent of a host runs, and the server does not have the rows of its table. */
  isBehind(host: string, table: string, run: WrittenRun | undefined): boolean {
    const beat = this.#hosts.get(host)?.beat;
    return beat !== undefined && isBehind(beat, table, run);
  }

  /** Returns the cell that the agent of a host writes in; undefined if it is not known. */
  cellOf(host: string): number | undefined {
    return this.#hosts.get(host)?.beat?.cell;
  }

  /** Returns false if the agent of a host is known, and does not follow a table `family/op`. */
  mayHave(host: string, table: string): boolean {
    const tables = this.#hosts.get(host)?.beat?.tables;
    return tables === undefined || Object.hasOwn(tables, table);
  }

  /** Returns why the agent of a host cannot read a table; undefined if it can. */
  unreadReason(host: string, table: string): string | undefined {
    return this.#hosts.get(host)?.beat?.unread?.[table];
  }

  #follow(fail: (error: unknown) => void): Subscription {
    const { names } = this.#options.hosts;
    const filters = names === undefined ? [aliveSubject('*')] : names.map((name) => aliveSubject(name));
    const following = new Subscription();
    following.add(
      followStream(this.#fleet, ALIVE_STREAM, filters).subscribe({
        next: (step) => {
          if (step.type === 'message') this.#receive(step.message);
        },
        error: fail,
      }),
    );
    let timer: NodeJS.Timeout;
    const schedule = (): void => {
      const period = this.#period();
      const due = Date.now() + period;
      timer = setTimeout(() => {
        this.#count(Date.now() - due > period ? Date.now() - due : 0);
        schedule();
      }, period);
    };
    schedule();
    following.add(() => clearTimeout(timer));
    return following;
  }

  #period(): number {
    let shortest = this.#options.beat;
    for (const { beat } of this.#hosts.values()) shortest = Math.min(shortest, beat?.interval ?? shortest);
    return Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, shortest / 2));
  }

  #receive({ subject, data, time }: StreamMessage): void {
    const host = decodeToken(subject.slice(aliveSubject('*').length - 1));
    const decoded = decodeBeat(data);
    if (host === undefined || decoded === undefined || !this.#options.hosts.matches(host)) return;
    const found = this.#hosts.get(host);
    // The last beat of a run is not always fenced: a later run may have stored its own before.
    if (decoded.ended && found?.beat !== undefined && startedLater(found.beat, decoded)) return;
    if (decoded.forgotten === true) {
      this.#forget(host);
      return;
    }
    const beat = { ...decoded, time };
    const now = Date.now();
    const limit = this.#options.silentAfter * beat.interval;
    const age = this.#ageOf(time, limit);
    const known = found?.isForgotten === true ? undefined : found;
    const tracked: TrackedHost = known ?? { beat, last: now, silent: undefined, isGone: false };
    if (known === undefined) this.#hosts.set(host, tracked);
    const previous = known?.beat;
    tracked.beat = beat;
    tracked.last = now - age;
    const isOther = previous === undefined || !isSameRun(previous, beat);
    if (isOther) {
      this.#emit({ type: previous === undefined ? 'added' : 'changed', host, ...runOf(beat) });
    }
    // Readers take a changed host for one that is up.
    if (isOther && tracked.silent !== undefined && (beat.ended || age > limit)) {
      tracked.silent = undefined;
      tracked.isGone = false;
    }
    if (beat.ended) this.#silence(host, tracked, 'ended', tracked.last);
    else if (age > limit) this.#silence(host, tracked, 'beats', tracked.last + limit);
    else if (tracked.silent !== undefined) {
      tracked.silent = undefined;
      tracked.isGone = false;
      this.#emit({ type: 'back', host, since: now });
    }
  }

  /** Ends a host that was removed from the fleet. */
  #forget(host: string): void {
    const tracked = this.#hosts.get(host);
    if (tracked?.isForgotten === true) return;
    const since = tracked?.silent?.since ?? Date.now();
    // Its last messages may still be on their way to the readers of its tables.
    this.#hosts.set(host, { beat: undefined, last: since, silent: { since, reason: 'ended' }, isGone: true, isForgotten: true });
    if (tracked?.isGone === false) this.#emit({ type: 'gone', host, since });
  }

  /**
   * Ends silent hosts of which the server has neither a beat nor rows any more: they were removed while the connection was lost, and the
   * beat of the removal is deleted. Agents that run have stored their beats again by now, if the server has lost them.
   */
  async #forgetDeleted(): Promise<void> {
    const silent = [...this.#hosts].filter(([, tracked]) => tracked.silent !== undefined && tracked.isForgotten !== true);
    const known = silent.map(([host, tracked]) => [host, tracked, tracked.last] as const);
    if (known.length === 0) return;
    const subjects = await storedSubjects(this.#fleet, ALIVE_STREAM, aliveSubject('*'));
    const beating = new Set(subjects);
    const missing = known.filter(([host]) => !beating.has(aliveSubject(host)));
    if (missing.length === 0) return;
    // The stream of beats is kept in memory, and does not keep old ones.
    const all = { host: '*', family: '*', op: '*' };
    const cells = await storedCells(this.#fleet, this.#options.cells);
    const shards = (await forEachCell(cells, (cell) => storedShards(this.#fleet, cell, all))).flat();
    const withRows = new Set(shards.map(({ host }) => host));
    for (const [host, tracked, last] of missing)
      if (!withRows.has(host) && this.#hosts.get(host) === tracked && tracked.last === last) this.#forget(host);
  }

  /**
   * Returns the age of a beat by the server's clock: a beat may be delivered again long after it was stored.
   *
   * @param limit - The age from which on a host is silent.
   */
  #ageOf(time: number, limit: number): number {
    const { clock } = this.#fleet;
    const age = clock.ageOf(time);
    // The clock of the server may have been set back.
    if (age > limit && clock.age > CLOCK_AGE && !this.#isReadingClock && this.#fleet.isUp) {
      this.#isReadingClock = true;
      readStream(this.#fleet, ALIVE_STREAM)
        .catch(() => undefined)
        .finally(() => (this.#isReadingClock = false));
    }
    return age;
  }

  /** @param late - Milliseconds that the event loop was held up: beats have arrived that are not read yet. */
  #count(late: number): void {
    const now = Date.now();
    const { beat: interval, silentAfter, goneAfter } = this.#options;
    if (!this.#fleet.isUp) this.#upSince = undefined;
    else this.#upSince ??= now;
    if (this.#upSince !== this.#checkedSince && now - (this.#upSince ?? now) > silentAfter * interval) {
      this.#checkedSince = this.#upSince;
      // Without the right to read the streams, these hosts stay silent.
      this.#forgetDeleted().catch(() => undefined);
    }
    for (const [host, tracked] of this.#hosts) {
      tracked.last += late;
      const limit = silentAfter * (tracked.beat?.interval ?? interval);
      const isMissing = now - Math.max(tracked.last, this.#upSince ?? now) > limit;
      if (tracked.silent === undefined) {
        if (now - tracked.last > limit) this.#silence(host, tracked, this.#fleet.isUp ? 'beats' : 'disconnected');
      } else if (tracked.silent.reason === 'disconnected' && isMissing) this.#silence(host, tracked, 'beats');
      if (tracked.silent === undefined) continue;
      if (!tracked.isGone && goneAfter !== undefined && now - tracked.silent.since >= goneAfter) {
        tracked.isGone = true;
        this.#emit({ type: 'gone', host, since: tracked.silent.since });
      }
    }
  }

  /** Emits that a host became silent, or that it is silent for another reason. */
  #silence(host: string, tracked: TrackedHost, reason: FleetSilentReason, since: number = Date.now()): void {
    if (tracked.silent?.reason === reason) return;
    tracked.silent = { since: tracked.silent?.since ?? since, reason };
    if (!tracked.isGone) this.#emit({ type: 'silent', host, ...tracked.silent });
  }
}

function* currentState(host: string, { beat, silent, isGone, isForgotten }: TrackedHost): Generator<HostChange> {
  if (isForgotten === true) return;
  if (beat !== undefined) yield { type: 'added', host, ...runOf(beat) };
  if (silent !== undefined) yield { type: 'silent', host, ...silent };
  if (isGone) yield { type: 'gone', host, since: silent?.since ?? 0 };
}

function runOf({ epoch, interval, tables, unread }: Beat) {
  return { epoch, interval, tables, ...(unread === undefined ? {} : { unread }) };
}

function isSameRun(one: Beat, other: Beat): boolean {
  return JSON.stringify(runOf(one)) === JSON.stringify(runOf(other));
}
