import { valueText } from '../../tables/compare.js';
import type { Difference } from '../../tables/verbs.js';
import type { FirewallTableKey } from '../firewall.js';
import type { Settings, Thing } from '../objects/thing.js';
import { normalText } from '../rules/same-expressions.js';
import type { RuleExpression } from '../rules/rule-context.js';
import { canonical } from './canonical.js';

/** The values of a setting before and after. */
type Changes = NonNullable<Difference['changes']>;

const SIGNS: Readonly<Record<Difference['action'], string>> = { add: '+', change: '~', delete: '-', recreate: '~' };

/** Milliseconds that the kernel may lose from a time: it keeps ticks of at most 1/100 s. */
const TICK = 10;
const TIMES: ReadonlySet<string> = new Set(['timeout', 'gcInterval']);

/** Returns a difference of the firewall; `what` follows the name behind a colon. @internal */
export function difference(action: Difference['action'], name: string, what = '', changes?: Changes): Difference {
  const text = `${SIGNS[action]} ${name}${what === '' ? '' : `: ${what}`}`;
  return { table: 'firewall', action, name, text, ...(changes !== undefined && { changes }) };
}

/** Returns the name of a thing in differences: `chain inet app in`. @internal */
export function thingName({ family, name }: FirewallTableKey, thing: Pick<Thing, 'noun' | 'name'>): string {
  return `${thing.noun} ${family} ${name} ${thing.name}`;
}

/** Returns settings as text: `type filter, hook input`. @internal */
export function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${settingText(value)}`)
    .join(', ');
}

/** Returns the settings that differ. @internal */
export function changedSettings(wanted: Settings, found: Settings): Changes {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  const changed = names.filter((name) => !sameSetting(name, wanted[name], found[name]));
  return Object.fromEntries(
    changed.map((name) => [name, { ...(name in found && { from: found[name] }), ...(name in wanted && { to: wanted[name] }) }]),
  );
}

function sameSetting(name: string, wanted: unknown, found: unknown): boolean {
  if (TIMES.has(name)) return sameTime(wanted, found);
  if (name === 'statements') return statementsText(wanted) === statementsText(found);
  return canonical(wanted) === canonical(found);
}

/** The kernel fills in what a statement omits. */
function statementsText(statements: unknown): string {
  return normalText({ expressions: (statements ?? []) as readonly RuleExpression[], sets: [] });
}

/** Returns true if the kernel keeps two times as one. @internal */
export function sameTime(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'number' || typeof found !== 'number') return wanted === found;
  return Math.abs(wanted - found) <= TICK;
}

/** Returns changes as text: `policy accept -> drop`. @internal */
export function changesText(changes: Changes): string {
  return Object.entries(changes)
    .map(([name, { from, to }]) => `${name} ${settingText(from)} -> ${settingText(to)}`)
    .join(', ');
}

function settingText(value: unknown): string {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value.join(' . ') : valueText(value);
}
