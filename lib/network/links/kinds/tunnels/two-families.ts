import type { KindData } from '../kind.js';

/** Attributes for IPv4 addresses, and those beside them for IPv6 addresses. @internal */
export type Families = readonly (readonly [four: string, six: string])[];

/** Moves IPv6 addresses to the property of the IPv4 addresses. @internal */
export function joinFamilies(data: KindData, families: Families): KindData {
  const moved: Record<string, unknown> = { ...data };
  for (const [four, six] of families) if (six in moved) moved[four] = moved[six];
  return moved;
}

/** Moves IPv6 addresses to attributes of their own. @internal */
export function splitFamilies(data: KindData, families: Families): KindData {
  const moved: Record<string, unknown> = { ...data };
  for (const [four, six] of families) {
    const address = moved[four];
    if (typeof address !== 'string' || !address.includes(':')) continue;
    moved[six] = moved[four];
    delete moved[four];
  }
  return moved;
}
