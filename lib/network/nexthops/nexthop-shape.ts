import { FieldError } from '../common/field-error.js';
import { ip, parseCidr } from '../fields/address-checks.js';
import { boolean, integer, ipVersion, linkName, list, type Check } from '../fields/check.js';
import { duration, number, type Options } from '../fields/option.js';
import { shapeOf } from '../fields/option-table.js';
import { object, requireFields, type Shape } from '../fields/shape.js';
import { encap } from '../routes/encap-rows.js';
import type { RouteNames } from '../names/route-names.js';
import type { Wanted } from '../tables/table-model.js';
import type { NexthopMember, NexthopState, ResilientOptions } from './nexthop.js';

/** Milliseconds of a clock tick of user space (USER_HZ is 100 on every architecture). */
const TICK = 10;

/** The settings of a resilient group. @internal */
export const RESILIENT: Options<ResilientOptions> = {
  buckets: number('buckets', 0xffff, {}, 1),
  idleTimer: duration('idleTimer', TICK),
  unbalancedTimer: duration('unbalancedTimer', TICK),
};

/** Properties that only readers return. @internal */
export const NEXTHOP_STATE: readonly (keyof NexthopState)[] = ['linkIndex', 'dead', 'linkDown', 'offloaded'];

const id = integer(1, 0xffff_ffff);

const group: Check<readonly NexthopMember[]> = (value, path) => {
  const members = list(object<NexthopMember>({ fields: { id, weight: integer(1, 0xffff) } }))(value, path) as readonly NexthopMember[];
  if (members.length === 0) throw new FieldError(path, 'a group has at least one member');
  for (const [index, member] of members.entries()) {
    requireFieldsOf(member, `${path}[${index}]`);
    if (members.findIndex((other) => other.id === member.id) !== index)
      throw new FieldError(`${path}[${index}]`, `nexthop ${member.id} is in the group already; write a weight`);
  }
  return members;
};

function requireFieldsOf(member: NexthopMember, path: string): void {
  if ((member.id as number | undefined) === undefined) throw new FieldError(`${path}.id`, 'is required');
}

/** Returns the properties that writers accept. @internal */
export function nexthopShape({ protocols }: Pick<RouteNames, 'protocols'>): Shape {
  return {
    fields: {
      id,
      family: ipVersion,
      via: ip,
      link: linkName(127),
      onlink: boolean,
      blackhole: boolean,
      fdb: boolean,
      group,
      resilient: object(shapeOf(RESILIENT)),
      protocol: protocols.check,
      encap,
    },
    nullable: ['encap'],
    out: NEXTHOP_STATE,
  };
}

/** Checks the properties of a nexthop object that depend on each other, as far as they are given. @throws FieldError @internal */
export function checkNexthop(wanted: Wanted): void {
  requireFields(wanted, ['id']);
  const { via, family, group: members, blackhole, resilient, fdb, link } = wanted;
  if (typeof via === 'string' && family !== undefined && parseCidr(via, 'via').family !== family)
    throw new FieldError('via', `expected an IPv${family as number} address, not '${via}'`);
  const way = ['via', 'link', 'onlink', 'encap'].find((name) => has(wanted, name));
  if (members !== undefined) {
    const beside = way ?? (blackhole === true ? 'blackhole' : family === undefined ? undefined : 'family');
    if (beside !== undefined) throw new FieldError(beside, 'a group has members only; write it in a nexthop of its own');
  }
  if (blackhole === true && way !== undefined) throw new FieldError(way, 'a blackhole leads nowhere');
  if (blackhole === true && fdb === true) throw new FieldError('fdb', 'a blackhole is not a nexthop of a forwarding database');
  if (fdb === true && link !== undefined) throw new FieldError('link', 'a nexthop of a forwarding database has a gateway only');
  if (resilient !== undefined && (way !== undefined || blackhole === true)) throw new FieldError('resilient', 'only a group is resilient');
}

/** Checks a whole nexthop object before it is written. @throws FieldError @internal */
export function checkWholeNexthop(wanted: Wanted): void {
  checkNexthop(wanted);
  const { via, link, onlink, blackhole, fdb, group: members, resilient } = wanted;
  if (members !== undefined || blackhole === true) return;
  if (resilient !== undefined) throw new FieldError('group', 'a resilient group needs members');
  if (fdb === true && via === undefined) throw new FieldError('via', 'a nexthop of a forwarding database needs a gateway');
  if (fdb !== true && link === undefined) throw new FieldError('link', 'a nexthop needs a link, or a group, or blackhole');
  if (onlink === true && via === undefined) throw new FieldError('onlink', 'needs a gateway');
}

function has(wanted: Wanted, name: string): boolean {
  return (wanted[name] ?? undefined) !== undefined && wanted[name] !== false;
}
