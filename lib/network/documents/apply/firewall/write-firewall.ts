import { type Observable, catchError, defer, map, mergeMap, of, retry, throwError } from 'rxjs';
import { StaleGenerationError } from '../../../../errors/index.js';
import { NetworkError } from '../../../common/network-error.js';
import { translateError } from '../../../common/translate-error.js';
import type { Firewall } from '../../../firewall/index.js';
import { commitFirewall } from '../../../firewall/plan/commit-firewall.js';
import { planFirewall } from '../../../firewall/plan/plan-firewall.js';
import { inNetns } from '../../plan/in-netns.js';
import { readListed, type FirewallPart } from '../../plan/plan-firewall-part.js';
import type { PlanDifference } from '../../plan/plan.js';
import type { Site } from '../../site.js';
import { firewallBefore } from './firewall-before.js';

/** The most transactions: each fails if another program commits one between reading and writing. */
const ATTEMPTS = 3;

/**
 * Makes the tables of a firewall as wanted, in one transaction; emits the differences that were written. A failure changes nothing.
 *
 * @throws NetworkError as the error signal.
 * @internal
 */
export function writeFirewall(site: Site, wanted: Firewall): Observable<readonly PlanDifference[]> {
  const once = defer(() => readListed(site, wanted)).pipe(
    mergeMap((state) => {
      const plan = planFirewall(wanted, state);
      return commitFirewall(site.clients.nftables, plan).pipe(map(() => plan.differences.map((each) => inNetns(each, site.netns))));
    }),
  );
  return once.pipe(
    retry({
      count: ATTEMPTS - 1,
      delay: (error: unknown) => (error instanceof StaleGenerationError ? of(0) : throwError(() => error)),
    }),
    catchError((error: unknown) => throwError(() => firewallError(error, site))),
  );
}

/** Brings the tables of a firewall back as they were; emits what still differs. @internal */
export function restoreFirewall({ site, wanted, state }: FirewallPart): Observable<readonly PlanDifference[]> {
  return defer(() => readListed(site, wanted)).pipe(
    mergeMap((now) => {
      const before = firewallBefore(wanted, state, now);
      return writeFirewall(site, before).pipe(
        mergeMap(() => readListed(site, before)),
        map((after) => planFirewall(before, after).differences.map((each) => inNetns(each, site.netns))),
      );
    }),
    catchError((error: unknown) => throwError(() => firewallError(error, site))),
  );
}

function firewallError(error: unknown, { netns }: Site): unknown {
  const subject = netns === undefined ? 'firewall' : `firewall in ${netns}`;
  if (error instanceof StaleGenerationError) {
    const text = `other programs changed the tables ${ATTEMPTS} times between reading and writing`;
    return new NetworkError({ reason: 'conflict', verb: 'change', subject, text, cause: error });
  }
  return translateError(error, { verb: 'change', subject: () => subject, missing: ['ENOENT'] });
}
