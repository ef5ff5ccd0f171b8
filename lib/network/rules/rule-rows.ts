import type { GetruleReply, NewruleRequest } from '../../families/rt-rule.js';
import { omitUndefined } from '../../check/index.js';
import { familyNumber } from '../fields/address-family.js';
import { withRow } from '../common/written.js';
import { parseCidr } from '../fields/address-checks.js';
import { readOptions, writeOptions, type OptionTable } from '../fields/option-table.js';
import { LinkNames } from '../names/link-names.js';
import type { RouteNames } from '../names/route-names.js';
import { flag } from '../routes/route-hops.js';
import type { Wanted } from '../tables/table-model.js';
import type { Rule, RuleFields } from './rule.js';
import { RULE_OPTIONS } from './rule-options.js';

/** FIB_RULE_* (uapi/linux/fib_rules.h). */
const INVERT = 2;
const UNRESOLVED = 4;
const DETACHED = 0x18;

/** Rules name links by text, so no names are needed. */
const NAMES = new LinkNames();

/** Translates a row of the table of rules. @internal */
export function ruleOf(row: GetruleReply, { tables, protocols }: RouteNames): Rule {
  const { family, srcLen, dstLen, action, flags, src, dst } = row;
  const looksUp = action === 'to-tbl';
  return withRow(
    omitUndefined({
      // The kernel omits a priority of 0.
      priority: 0,
      family: family === 2 ? 4 : 6,
      not: flag(flags, INVERT),
      from: src === undefined ? undefined : `${src}/${srcLen}`,
      to: dst === undefined ? undefined : `${dst}/${dstLen}`,
      tos: row.tos === 0 ? undefined : row.tos,
      action: looksUp ? 'lookup' : action,
      table: looksUp && row.l3mdev !== 1 ? tables.nameOf(row.table) : undefined,
      l3mdev: row.l3mdev === 1 ? true : undefined,
      protocol: protocols.nameOf(row.protocol ?? 0),
      // The kernel omits a mark of 0.
      mark: row.fwmask === undefined ? undefined : 0,
      ...readOptions(RULE_OPTIONS as OptionTable, row, NAMES),
      detached: flag(flags, DETACHED),
      unresolved: flag(flags, UNRESOLVED),
    }),
    row,
  ) as unknown as Rule;
}

/** Translates a wanted rule into a request. @internal */
export function ruleRequest(wanted: Wanted, { tables, protocols }: RouteNames): NewruleRequest {
  const fields = wanted as { readonly [K in keyof RuleFields]?: RuleFields[K] };
  const { from, to, goto, l3mdev, action = goto === undefined ? 'lookup' : 'goto' } = fields;
  const [source, destination] = [from, to].map((prefix) => (prefix === undefined ? undefined : parseCidr(prefix, 'from')));
  const looksUp = action === 'lookup';
  return omitUndefined({
    family: familyNumber(fields.family),
    srcLen: source?.length ?? 0,
    dstLen: destination?.length ?? 0,
    tos: fields.tos ?? 0,
    action: looksUp ? 'to-tbl' : action,
    flags: fields.not === true ? INVERT : 0,
    src: source?.address,
    dst: destination?.address,
    table: looksUp && l3mdev !== true ? tables.numberOf(fields.table ?? 'main') : undefined,
    l3mdev: l3mdev === true ? 1 : undefined,
    protocol: protocols.numberOf(fields.protocol ?? 'static'),
    // The kernel compares a mark of 0 with a mask only.
    fwmask: fields.mark === 0 ? 0xffff_ffff : undefined,
    // The kernel requires a mask with a flow label.
    flowlabelMask: fields.flowLabel === undefined ? undefined : 0xf_ffff,
    ...writeOptions(RULE_OPTIONS as OptionTable, wanted, NAMES),
  }) as NewruleRequest;
}
