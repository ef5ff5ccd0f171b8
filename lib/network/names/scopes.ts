import { RtScope } from '../../families/rt-addr.js';

/** The scope of an address or a route (`RT_SCOPE_*`); the kernel's `universe` is `global`, as `ip` prints it. @public */
export type ScopeName = 'global' | 'site' | 'link' | 'host' | 'nowhere';

const NUMBERS: Readonly<Record<ScopeName, number>> = {
  global: RtScope.Universe,
  site: RtScope.Site,
  link: RtScope.Link,
  host: RtScope.Host,
  nowhere: RtScope.Nowhere,
};

/** All names of scopes. @internal */
export const SCOPES: readonly ScopeName[] = Object.keys(NUMBERS) as ScopeName[];

const NAMES: ReadonlyMap<number, ScopeName> = new Map(SCOPES.map((name) => [NUMBERS[name], name]));

/** Returns the number of a scope. @internal */
export function scopeNumber(scope: ScopeName | number): number {
  return typeof scope === 'number' ? scope : NUMBERS[scope];
}

/** Returns the name of a scope, or its number if it has none. @internal */
export function scopeName(number: number): ScopeName | number {
  return NAMES.get(number) ?? number;
}
