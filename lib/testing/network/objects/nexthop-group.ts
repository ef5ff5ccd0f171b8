import type { GetnexthopReply } from '../../../families/generated/rt-route.js';
import { Rejection } from '../rejection.js';

/** Checks the members of a group, as `nh_check_attr_group()` does. @throws Rejection @internal */
export function checkGroup(
  members: readonly { readonly id: number }[],
  isFdb: boolean,
  find: (id: number) => GetnexthopReply | undefined,
): void {
  const reject = (text: string): never => {
    throw new Rejection('EINVAL', text);
  };
  for (const { id } of members) {
    const member = find(id) ?? reject('Invalid nexthop id');
    if (member.group !== undefined) {
      const kind = member.resGroup === undefined ? 'Hash-threshold' : 'Resilient';
      reject(`${kind} group can not be a nexthop within a group`);
    }
    if (member.blackhole === true && members.length > 1) reject('Blackhole nexthop can not be used in a group with more than 1 path');
    if (isFdb && member.fdb !== true) reject('FDB nexthop group can only have fdb nexthops');
    if (!isFdb && member.fdb === true) reject('Non FDB nexthop group cannot have fdb nexthops');
  }
}
