import { type Observable, map, of } from 'rxjs';
import { checkInteger } from '../../check/index.js';
import { NetworkError } from '../common/network-error.js';
import { linkName } from '../fields/check.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import type { VerbOptions } from '../tables/verbs.js';
import { LinkNames } from './link-names.js';
import type { Names } from './names.js';
import type { NumberNames } from './number-names.js';
import type { RouteNames } from './route-names.js';
import { SCOPES, scopeName, scopeNumber } from './scopes.js';

/** The names of numbers: those of the kernel, and those that the files of iproute2 add. @public */
export interface NumberWords {
  /** Returns the name of a number, or the number if it has none. */
  nameOf(number: number): string | number;
  /** Returns the number of a name; `undefined` if no number has the name. */
  numberOf(name: string): number | undefined;
  /** All names. */
  readonly all: readonly string[];
}

/** The names of one network namespace. @public */
export interface NetworkNames {
  /**
   * Emits the name of a link. While a `watch` or a `view` of the network is subscribed to, the answer comes from its links; else from one
   * request.
   *
   * @throws {@link NetworkError} `missing` if no link has the index.
   */
  nameOf(index: number, options?: VerbOptions): Observable<string>;
  /**
   * Emits the index of a link by its name or an alternative name; from the same source as `nameOf`.
   *
   * @throws {@link NetworkError} `missing` if no link has the name.
   */
  indexOf(name: string, options?: VerbOptions): Observable<number>;
  /** Routing tables: `main` is 254. */
  readonly tables: NumberWords;
  /** Protocols of routes: `static` is 4. */
  readonly protocols: NumberWords;
  /** Scopes of addresses and routes: `global` is 0. */
  readonly scopes: NumberWords;
}

/** Returns the names of one network namespace. @internal */
export function networkNames(names: Names, { tables, protocols }: RouteNames): NetworkNames {
  return {
    nameOf: (index, options = {}) => {
      checkVerbOptions('nameOf', options);
      checkInteger('nameOf: index', index, 1, 0x7fff_ffff);
      return find(
        `index ${index}`,
        options,
        () => known(names.live.names?.nameOf(index)) ?? names.including(new LinkNames(), [index]).pipe(map((found) => found.nameOf(index))),
      );
    },
    indexOf: (name, options = {}) => {
      checkVerbOptions('indexOf', options);
      return find(name, options, () => {
        const given = linkName(127)(name, 'name');
        return known(names.live.names?.indexOf(given)) ?? names.some([given]).pipe(map((found) => found.indexOf(given)));
      });
    },
    tables: wordsOf(tables),
    protocols: wordsOf(protocols),
    scopes: {
      nameOf: scopeName,
      numberOf: (name) => SCOPES.filter((scope) => scope === name).map(scopeNumber)[0],
      all: SCOPES,
    },
  };
}

function find<T>(subject: string, options: VerbOptions, run: () => Observable<T | undefined>): Observable<T> {
  return runVerb({ verb: 'find', subject: () => `link ${subject}`, missing: [] }, options, () =>
    run().pipe(
      map((found) => {
        if (found !== undefined) return found;
        throw new NetworkError({ reason: 'missing', verb: 'find', subject: `link ${subject}`, text: 'it does not exist' });
      }),
    ),
  );
}

/** Events may be under way: what a live table does not know is read. */
function known<T>(value: T | undefined): Observable<T> | undefined {
  return value === undefined ? undefined : of(value);
}

function wordsOf(names: NumberNames): NumberWords {
  return {
    nameOf: (number) => names.nameOf(number),
    numberOf: (name) => (names.all.includes(name) ? names.numberOf(name) : undefined),
    get all() {
      return names.all;
    },
  };
}
