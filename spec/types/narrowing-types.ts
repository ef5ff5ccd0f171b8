/*
 * Compiled with all other files, never run: comparing the selector of a sub-message narrows the sub-message.
 */
import { expectTypeOf } from 'expect-type';
import type { DevlinkAttributes } from '../../lib/families/generated/devlink.js';
import type {
  CtTimeoutAttrs,
  CtTimeoutTcpAttrs,
  ExprCounterAttrs,
  NftablesFamily,
  QuotaAttrs,
} from '../../lib/families/generated/nftables.js';
import type { LinkinfoBrportAttrs, LinkinfoVlanAttrs, RtLinkFamily } from '../../lib/families/generated/rt-link.js';
import type { RtRouteFamily } from '../../lib/families/generated/rt-route.js';
import type { ActAttrs, HtbAttrs, TcFamily } from '../../lib/families/generated/tc.js';
import type { AttrOptionAttributes } from '../../lib/families/generated/team.js';
import type { DoRequest, DumpReply } from '../../lib/schema/descriptor/family-types.js';

declare function use(value: unknown): void;

/* Elements of a list: in the callback of find and filter, in a loop */
declare const rule: DumpReply<NftablesFamily, 'getrule'>;
const expressions = rule.expressions?.elem ?? [];
expectTypeOf(expressions.find((expression) => expression.name === 'counter')?.data).toEqualTypeOf<ExprCounterAttrs | undefined>();
expectTypeOf(expressions.filter((expression) => expression.name === 'counter'))
  .items.toHaveProperty('data')
  .toEqualTypeOf<ExprCounterAttrs | undefined>();
for (const expression of expressions)
  if (expression.name === 'counter') expectTypeOf(expression.data).toEqualTypeOf<ExprCounterAttrs | undefined>();
// @ts-expect-error unknown expression
use(expressions.find((expression) => expression.name === 'count'));
use(expressions.find((expression) => String(expression.name) === 'count'));

/* Each selector of each family */
declare const object: DumpReply<NftablesFamily, 'getobj'>;
if (object.type === 'quota') expectTypeOf(object.data).toEqualTypeOf<QuotaAttrs | undefined>();
declare const timeout: CtTimeoutAttrs;
if (timeout.l4proto === 'tcp') expectTypeOf(timeout.data).toEqualTypeOf<CtTimeoutTcpAttrs | undefined>();

declare const links: DumpReply<RtLinkFamily, 'getlink'>[];
const infos = links.flatMap(({ linkinfo }) => linkinfo ?? []);
expectTypeOf(infos.find((info) => info.kind === 'vlan')?.data).toEqualTypeOf<LinkinfoVlanAttrs | undefined>();
expectTypeOf(infos.find((info) => info.slaveKind === 'bridge')?.slaveData).toEqualTypeOf<LinkinfoBrportAttrs | undefined>();

declare const qdiscs: DumpReply<TcFamily, 'getqdisc'>[];
expectTypeOf(qdiscs.find((qdisc) => qdisc.kind === 'htb')?.options).toEqualTypeOf<HtbAttrs | undefined>();
declare const classes: DumpReply<TcFamily, 'gettclass'>[];
expectTypeOf(classes.find((row) => row.kind === 'htb')?.options).toEqualTypeOf<HtbAttrs | undefined>();
declare const actions: ActAttrs[];
expectTypeOf(actions.find((action) => action.kind === 'mirred')?.options?.parms?.ifindex).toEqualTypeOf<number | undefined>();

declare const routes: DumpReply<RtRouteFamily, 'getroute'>[];
expectTypeOf(routes.find((route) => route.encapType === 'mpls')?.encap?.ttl).toEqualTypeOf<number | undefined>();

declare const parameters: DevlinkAttributes[];
expectTypeOf(parameters.find((parameter) => parameter.paramType === 'string')?.paramValueData).toEqualTypeOf<string | undefined>();
declare const options: AttrOptionAttributes[];
expectTypeOf(options.find((option) => option.type === 'string')?.data).toEqualTypeOf<string | undefined>();

/* A kind that is not described has no data; a row is written back as it was read. */
const other = infos.find((info) => info.kind !== 'vlan' && info.kind !== 'veth');
expectTypeOf(other?.kind).not.toExtend<'vlan' | 'veth'>();
expectTypeOf(infos[0]?.kind).toExtend<string | undefined>();
const request: DoRequest<NftablesFamily, 'newrule'> = { expressions: { elem: expressions } };
use(request);
