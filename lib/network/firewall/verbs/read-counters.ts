import { type Observable, forkJoin, map } from 'rxjs';
import { NfProtocol, type GetruleReply } from '../../../families/nftables.js';
import { withJson } from '../../common/json.js';
import { familyOf } from '../objects/hooks.js';
import { commentOf } from '../objects/userdata.js';
import type { NftablesClient } from '../state/firewall-state.js';

/** The value of a counter. @public */
export interface FirewallCounter {
  /** The packets. */
  readonly packets: bigint;
  /** Their bytes. */
  readonly bytes: bigint;
}

type Entry = readonly [name: string, value: FirewallCounter];

/** Emits the values of the counters with a name, and of the rules with a comment, by their names in differences. @internal */
export function readCounters(client: NftablesClient): Observable<ReadonlyMap<string, FirewallCounter>> {
  const all = { nfgenFamily: NfProtocol.Unspec };
  return forkJoin({ objects: client.list('getobj', all), rules: client.list('getrule', all) }).pipe(
    map(({ objects, rules }) => {
      const named = objects.flatMap(({ nfgenFamily, table, name, type, data }): readonly Entry[] =>
        type === 'counter' ? [[`counter ${scopeText(nfgenFamily, table)} ${name ?? ''}`, valueOf(data ?? {})]] : [],
      );
      return new Map<string, FirewallCounter>([...named, ...rules.flatMap(counterOfRule)]);
    }),
  );
}

function counterOfRule({ nfgenFamily, table, chain, expressions, userdata }: GetruleReply): readonly Entry[] {
  const comment = commentOf(userdata);
  const counter = expressions?.elem?.find(({ name }) => name === 'counter');
  if (comment === undefined || counter === undefined) return [];
  return [[`rule ${scopeText(nfgenFamily, table)} ${chain ?? ''}: ${comment}`, valueOf((counter.data ?? {}) as Partial<FirewallCounter>)]];
}

function scopeText(family: number, table: string | undefined): string {
  return `${familyOf(family) ?? family} ${table ?? ''}`;
}

function valueOf({ packets = 0n, bytes = 0n }: Partial<FirewallCounter>): FirewallCounter {
  return withJson({ packets, bytes });
}
