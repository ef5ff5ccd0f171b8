import { FieldError } from '../common/field-error.js';
import { parseCidr } from '../fields/address-checks.js';
import { boolean, integer, ipVersion, word, type Check } from '../fields/check.js';
import { shapeOf } from '../fields/option-table.js';
import { requireFields, type Shape } from '../fields/shape.js';
import type { RouteNames } from '../names/route-names.js';
import type { Wanted } from '../tables/table-model.js';
import type { RuleAction, RuleState } from './rule.js';
import { RULE_OPTIONS } from './rule-options.js';

const ACTIONS: readonly RuleAction[] = ['lookup', 'goto', 'nop', 'blackhole', 'unreachable', 'prohibit'];

/** Properties that only readers return. @internal */
export const RULE_STATE: readonly (keyof RuleState)[] = ['detached', 'unresolved'];

/** Accepts a network with its host bits, which the kernel keeps; an address alone means its full length. */
const prefix: Check<string> = (value, path) => {
  const { address, length, family } = parseCidr(value, path);
  return `${address}/${length ?? (family === 4 ? 32 : 128)}`;
};

/** Returns the properties that writers accept. @internal */
export function ruleShape({ tables, protocols }: RouteNames): Shape {
  return {
    fields: {
      family: ipVersion,
      not: boolean,
      from: prefix,
      to: prefix,
      tos: integer(0, 255),
      action: word(ACTIONS),
      table: tables.check,
      l3mdev: boolean,
      protocol: protocols.check,
      ...shapeOf(RULE_OPTIONS).fields,
    },
    nullable: ['suppressPrefixLength'],
    out: RULE_STATE,
  };
}

/** Prefixes of all addresses: the property is absent. */
const ANY: readonly unknown[] = ['0.0.0.0/0', '::/0'];

/** The mask with all bits, by the property. */
const FULL: Readonly<Record<string, number>> = {
  ...{ mask: 0xffff_ffff, dscpMask: 63, flowLabelMask: 0xf_ffff, sourcePortMask: 0xffff, portMask: 0xffff },
};

/** Brings a rule into the form of readers. @internal */
export function completeRule(given: Wanted): Wanted {
  const wanted: Record<string, unknown> = { ...given };
  for (const name of ['from', 'to']) {
    const address = wanted[name];
    if (typeof address !== 'string') continue;
    wanted.family ??= parseCidr(address, name).family;
    if (ANY.includes(address) && parseCidr(address, name).family === wanted.family) delete wanted[name];
  }
  if (wanted.not === false) delete wanted.not;
  if (wanted.l3mdev === false) delete wanted.l3mdev;
  if (wanted.tos === 0) delete wanted.tos;
  for (const [name, mask] of Object.entries(FULL)) if (wanted[name] === mask) delete wanted[name];
  return wanted;
}

/** Returns the whole content of a wanted rule, with its defaults; `null` stands for an absent property. @internal */
export function wholeRule(wanted: Wanted, names: readonly string[]): Wanted {
  const { goto, l3mdev, protocol } = wanted;
  const action = wanted.action ?? (goto === undefined ? 'lookup' : 'goto');
  const table = action === 'lookup' && l3mdev !== true ? (wanted.table ?? 'main') : wanted.table;
  const absent = Object.fromEntries(names.filter((name) => name !== 'protocol').map((name) => [name, null]));
  return { ...absent, ...wanted, action, ...(table !== undefined && { table }), ...(protocol !== undefined && { protocol }) };
}

/** Checks the properties of a rule that depend on each other. @throws FieldError @internal */
export function checkRule(wanted: Wanted): void {
  requireFields(wanted, ['priority']);
  const { family: version, from, to, action, goto, table, l3mdev, flowLabel } = wanted;
  if (version === undefined) throw new FieldError('family', 'is required for a rule without from and to; write 4 or 6');
  for (const [name, address] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (typeof address === 'string' && parseCidr(address, name).family !== version)
      throw new FieldError(name, `expected an IPv${version as number} address, not '${address}'`);
  if (goto !== undefined && (action ?? 'goto') !== 'goto') throw new FieldError('goto', "needs action 'goto'");
  if (action === 'goto' && goto === undefined) throw new FieldError('goto', "is required for action 'goto'");
  if (typeof goto === 'number' && goto <= (wanted.priority as number))
    throw new FieldError('goto', `the priority of the next rule, ${goto}, must be over that of the rule, ${String(wanted.priority)}`);
  const looksUp = (action ?? (goto === undefined ? 'lookup' : 'goto')) === 'lookup';
  if (table !== undefined && !looksUp) throw new FieldError('table', "needs action 'lookup'");
  if (l3mdev === true && !looksUp) throw new FieldError('l3mdev', "needs action 'lookup'");
  if (table !== undefined && l3mdev === true) throw new FieldError('table', 'the VRF determines the table; omit it');
  for (const [mask, value] of Object.entries(MASKED)) checkMask(mask, wanted[mask], value, wanted[value]);
  const longest = version === 4 ? 32 : 128;
  if (typeof wanted.suppressPrefixLength === 'number' && wanted.suppressPrefixLength > longest)
    throw new FieldError(
      'suppressPrefixLength',
      `expected an integer from 0 to ${longest} for an IPv${version as number} rule, not ${wanted.suppressPrefixLength}`,
    );
  if (flowLabel !== undefined && version === 4) throw new FieldError('flowLabel', 'only IPv6 has flow labels');
  if (wanted.tos !== undefined && wanted.dscp !== undefined) throw new FieldError('tos', 'write either tos or dscp');
}

/** Checks a mask. The kernel accepts any mask of a mark, and compares only the bits in it. */
function checkMask(path: string, mask: unknown, property: string, value: unknown): void {
  if (typeof mask !== 'number') return;
  if (value === undefined) throw new FieldError(path, `needs ${property}`);
  if (mask === 0) throw new FieldError(path, `0 compares no bit, so that every packet matches; omit ${path} and ${property}`);
  if (typeof value === 'number' && (value & ~mask) !== 0)
    throw new FieldError(
      path,
      `${hex(mask)} lacks bits of ${property} ${hex(value)}, which would not be compared; add them, or omit ${path}`,
    );
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

/** The masks, and the property of which they select bits. */
const MASKED: Readonly<Record<string, string>> = {
  ...{ mask: 'mark', dscpMask: 'dscp', flowLabelMask: 'flowLabel', sourcePortMask: 'sourcePorts', portMask: 'ports' },
};
