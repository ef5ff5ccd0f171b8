import type { Link, LinkSpec } from '../links/link.js';
import type { FilterSpec } from '../filters/traffic-filter.js';

/** The group of the links that this library makes. */
const GROUP = 0x5a9e;

/** The alias of such a link starts with this. */
const MARK = 'rxnetlink shape of ';

/** The alias of a link ends with this if this library also made the qdisc `clsact`. */
const OWN_CLSACT = ', with clsact';

/** The last priority: filters of others see the packets first. @internal */
export const PRIORITY = 0xffff;

/** Returns the name of a new link through which the incoming packets of another one pass. @internal */
export function throughName({ index }: Pick<Link, 'index'>): string {
  return `ifb-${index}`;
}

/** Returns the link for the incoming packets of another one. @internal */
export function throughLink(link: Link, makesClsact: boolean): LinkSpec {
  return { name: throughName(link), kind: 'ifb', up: true, group: GROUP, alias: `${MARK}${link.name}${makesClsact ? OWN_CLSACT : ''}` };
}

/** Returns true if this library made a link for incoming packets; also if that was for a link that has been deleted. @internal */
export function isMade({ kind, group, alias }: Link): boolean {
  return kind === 'ifb' && group === GROUP && alias?.startsWith(MARK) === true;
}

/** Returns true if this library made the qdisc `clsact` together with a link. @internal */
export function madeClsact({ alias }: Link): boolean {
  return alias?.endsWith(OWN_CLSACT) === true;
}

/** Returns the name of the link for which this library made another one, when it did. @internal */
export function madeFor({ alias = '' }: Link): string {
  return alias.slice(MARK.length).replace(OWN_CLSACT, '');
}

/** Returns the filter that sends incoming packets through another link; u32, because every kernel has it. @internal */
export function redirection(link: Link, through: string): FilterSpec {
  return {
    link: link.name,
    parent: 'ingress',
    priority: PRIORITY,
    protocol: 'all',
    kind: 'u32',
    actions: [{ kind: 'mirred', mode: 'redirect', direction: 'egress', link: through }],
  };
}
