import {
  BehaviorSubject,
  combineLatest,
  connect,
  defer,
  EMPTY,
  filter,
  from,
  map,
  merge,
  of,
  Subject,
  shareReplay,
  switchMap,
  take,
  tap,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { isNetworkError, type Network, type ReconcileEvent } from 'rxnetlink/network';
import { chooseUplink } from './choose.js';
import { signsOf, watchConditions } from './conditions.js';
import type { Config } from './config.js';
import { documentOf } from './document.js';
import { judge } from './judge.js';
import { probe } from './probe.js';

const NEEDS = 'failover needs the capability CAP_NET_ADMIN in its network namespace: start it as root, or as failover.service does';

/**
 * Keeps the default route on the first uplink that works. Unsubscribing leaves all routes and rules as they are.
 *
 * @returns A line for each event.
 * @throws Error as the error signal, if the process lacks the capability to write: no later attempt would succeed.
 */
export function keepDefaultRoute(net: Network, config: Config): Observable<string> {
  return previousChoice(net, config).pipe(switchMap((previous) => defer(() => keepFrom(net, config, previous))));
}

/** Emits the uplink of the default route that an earlier run has left: a program that starts again shall not move connections. */
function previousChoice(net: Network, { uplinks, protocol, metric }: Config): Observable<number | undefined> {
  return net.routes.list({ to: 'default', table: 'main', protocol, metric }).pipe(
    map((routes) => uplinks.findIndex(({ link, via }) => routes.some((route) => route.link === link && route.via === via))),
    map((place) => (place < 0 ? undefined : place)),
  );
}

function keepFrom(net: Network, config: Config, previous: number | undefined): Observable<string> {
  const { uplinks } = config;
  const chosen = new BehaviorSubject(previous);
  const conditions = watchConditions(net, uplinks).pipe(shareReplay({ bufferSize: 1, refCount: true }));
  const documents = combineLatest([conditions, chosen]).pipe(
    map(([all, choice]) => {
      const isUsable = all.map((condition) => condition.isUsable);
      return documentOf(config, isUsable, choice);
    }),
  );
  const notes = new Subject<string>();
  const verdicts = uplinks.map(({ name, source }, place) => {
    const condition = conditions.pipe(map((all) => all[place]!));
    return signsOf(condition, probe(source, config.targets, config.timeout), config.every).pipe(
      judge(config),
      tap((isUp) => notes.next(`${name}: ${isUp ? 'up' : 'down'}`)),
    );
  });
  const choices = chooseUplink(verdicts, config, previous).pipe(
    tap((choice) => chosen.next(choice)),
    map((choice) => `the default route leaves by ${uplinks[choice]!.name}`),
  );
  return net.reconcile(documents).pipe(
    connect((events) => {
      // A probe before the rules exist would leave by the default route.
      const isWritten = events.pipe(
        filter(({ type }) => type === 'in-sync'),
        take(1),
      );
      return merge(events.pipe(switchMap(lineOf)), isWritten.pipe(switchMap(() => merge(notes, choices))));
    }),
  );
}

function lineOf(event: ReconcileEvent): Observable<string> {
  switch (event.type) {
    case 'repaired':
      return from(event.result.differences.map(({ text }) => text));
    case 'failed':
      if (isNetworkError(event.error, 'denied')) throw new Error(`${NEEDS}; ${event.error.message}`, { cause: event.error });
      return of(`${event.error.message}; the next attempt is in ${event.retryIn} ms`);
    case 'fighting':
      return of(`another program writes the ${event.difference.table} ${event.difference.name}`);
    default:
      return EMPTY;
  }
}
