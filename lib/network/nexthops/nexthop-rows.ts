import { RtnhFlags, type GetnexthopReply, type NewnexthopRequest, type RouteAttrs } from '../../families/rt-route.js';
import { omitUndefined } from '../../check/index.js';
import { familyNumber } from '../fields/address-family.js';
import { withRow } from '../common/written.js';
import { parseCidr } from '../fields/address-checks.js';
import { readOptions, writeOptions } from '../fields/option-table.js';
import type { LinkNames } from '../names/link-names.js';
import type { RouteNames } from '../names/route-names.js';
import { encapOf, encapRequest } from '../routes/encap-rows.js';
import { flag } from '../routes/route-hops.js';
import type { Wanted } from '../tables/table-model.js';
import type { Nexthop, NexthopFields, NexthopMember } from './nexthop.js';
import { RESILIENT } from './nexthop-shape.js';

/** NEXTHOP_GRP_TYPE_RES (uapi/linux/nexthop.h). */
const RESILIENT_GROUP = 1;

/**
 * NHA_OP_FLAG_RESP_GRP_RESVD_0 (uapi/linux/nexthop.h), since Linux 6.12: the upper bytes of weights are valid. Older kernels
 * send there what was in their memory.
 */
const VALID_UPPER_BYTES = 0x8000_0000;

/** Translates a row of the table of nexthop objects. @internal */
export function nexthopOf(row: GetnexthopReply, names: LinkNames, { protocols }: Pick<RouteNames, 'protocols'>): Nexthop {
  const { nhFamily, nhFlags, group, oif, resGroup, opFlags = 0 } = row;
  const upper = (opFlags & VALID_UPPER_BYTES) === 0 ? 0 : 256;
  return withRow(
    omitUndefined({
      id: row.id,
      family: group !== undefined || nhFamily === 0 ? undefined : nhFamily === 2 ? 4 : 6,
      via: row.gateway,
      link: oif === undefined ? undefined : names.nameOf(oif),
      onlink: flag(nhFlags, RtnhFlags.Onlink),
      blackhole: row.blackhole === true ? true : undefined,
      fdb: row.fdb === true ? true : undefined,
      group: group?.map(({ id, weight, weightHigh }) => ({ id, weight: weight + upper * weightHigh + 1 })),
      resilient: resGroup === undefined ? undefined : readOptions(RESILIENT, resGroup, names),
      protocol: protocols.nameOf(row.nhProtocol),
      encap: encapOf(row as RouteAttrs),
      linkIndex: oif,
      dead: flag(nhFlags, RtnhFlags.Dead),
      linkDown: flag(nhFlags, RtnhFlags.Linkdown),
      offloaded: flag(nhFlags, RtnhFlags.Offload),
    }),
    row,
  ) as unknown as Nexthop;
}

/** Translates a wanted nexthop object into the request that writes the whole of it. @internal */
export function nexthopRequest(wanted: Wanted, names: LinkNames, { protocols }: Pick<RouteNames, 'protocols'>): NewnexthopRequest {
  const fields = wanted as { readonly [K in keyof NexthopFields]?: NexthopFields[K] };
  const { via, group, resilient } = fields;
  const family = fields.family ?? (via === undefined ? 4 : parseCidr(via, 'via').family);
  const isSingle = group === undefined && fields.blackhole !== true;
  return omitUndefined({
    nhFamily: group !== undefined ? 0 : familyNumber(family),
    nhProtocol: protocols.numberOf(fields.protocol ?? 'static'),
    nhFlags: fields.onlink === true ? RtnhFlags.Onlink : 0,
    id: fields.id,
    gateway: via,
    oif: fields.link === undefined ? undefined : names.indexOf(fields.link),
    blackhole: fields.blackhole === true ? true : undefined,
    fdb: fields.fdb === true ? true : undefined,
    group: group?.map(memberRequest),
    groupType: resilient === undefined ? undefined : RESILIENT_GROUP,
    resGroup: resilient === undefined ? undefined : writeOptions(RESILIENT, resilient as Wanted, names),
    ...(isSingle && encapRequest(fields.encap)),
  }) as NewnexthopRequest;
}

function memberRequest({ id, weight = 1 }: NexthopMember): object {
  return { id, weight: (weight - 1) & 0xff, weightHigh: (weight - 1) >> 8 };
}
