import type { ActAttrs, PoliceAttrs, TcaStatsAttrs } from '../../../families/tc.js';
import { omitUndefined } from '../../../check/index.js';
import { sameValue } from '../../../live/internal.js';
import { engineWords, withJson } from '../../common/json.js';
import { FieldError } from '../../common/field-error.js';
import { shown, text, uint32, type Check } from '../../fields/check.js';
import { normalise, requireFields, type Normal, type Shape } from '../../fields/shape.js';
import type { LinkNames } from '../../names/link-names.js';
import type { Wanted } from '../../tables/table-model.js';
import { checkBareRate } from '../../traffic/bare-rate.js';
import { ACTION_KINDS } from './action-kinds.js';
import type { ActionData, ActionKind } from './action-kind.js';
import type { ActionStatistics, TrafficAction } from './traffic-action.js';
import { verdict } from './verdict.js';

/** The general properties in the struct of an action (`tc_gen`). */
interface General extends Readonly<Record<string, unknown>> {
  readonly index?: number;
  readonly refcnt?: number;
  readonly bindcnt?: number;
  readonly capab?: number;
}

/** The longest name of a kind (`IFNAMSIZ` - 1). */
const kindName = text(15);

/** Accepts attributes in the words of the engine. @internal */
export const attributes: Check = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new FieldError(path, `expected an object of attributes of the family tc, not ${shown(value)}`);
};

/** The number of an action, also of one that is not shared; not enumerable, so that copies do not have it. */
const Own = Symbol('index');

/** Properties that every action has. */
const COMMON: Shape = { fields: { kind: kindName, index: uint32, options: attributes }, out: ['statistics'] };

/** Accepts the actions of a filter; a verdict alone is an action of kind `gact`. @internal */
export const actions: Check<readonly Normal[]> = (value, path) => {
  if (!Array.isArray(value)) throw new FieldError(path, `expected an array of actions, not ${shown(value)}`);
  return value.map((given: unknown, index) => checkAction(given, `${path}[${index}]`));
};

/** Checks the rates of actions as they are written. @throws FieldError @internal */
export function checkGivenActions(given: unknown, path: string): void {
  if (!Array.isArray(given)) return;
  for (const [index, action] of given.entries()) {
    if ((action as { readonly kind?: unknown } | null)?.kind !== 'police') continue;
    const { rate, peakRate } = action as { readonly rate?: unknown; readonly peakRate?: unknown };
    checkBareRate(rate, `${path}[${index}].rate`);
    checkBareRate(peakRate, `${path}[${index}].peakRate`);
  }
}

function checkAction(given: unknown, path: string): Normal {
  if (typeof given === 'string') return { kind: 'gact', then: verdict(given, path) };
  const name = (given as { readonly kind?: unknown } | null)?.kind;
  const kind = typeof name === 'string' && Object.hasOwn(ACTION_KINDS, name) ? ACTION_KINDS[name] : undefined;
  if (kind === undefined) {
    const checked = normalise<Record<string, unknown>>(COMMON, given, path);
    if (checked['kind'] === undefined) throw new FieldError(`${path}.kind`, 'is required');
    return checked;
  }
  return normalise({ fields: { ...COMMON.fields, ...kind.shape.fields }, out: COMMON.out! }, given, path);
}

/**
 * Checks that actions have what the kernel needs for new ones.
 *
 * An action that was read may lack it: `mirred` keeps the filter when the kernel deletes the link to which it sends packets.
 *
 * @throws FieldError
 * @internal
 */
export function requireComplete(wanted: readonly Normal[]): void {
  for (const [index, action] of wanted.entries()) {
    const { needs = [] } = (Object.hasOwn(ACTION_KINDS, action['kind'] as string) && ACTION_KINDS[action['kind'] as string]) || {};
    try {
      requireFields(action, needs);
    } catch (error) {
      throw error instanceof FieldError ? new FieldError(`actions[${index}].${error.path}`, error.message) : error;
    }
  }
}

/** Attributes with times, and the structs of general properties. */
const IGNORED: ReadonlySet<string> = new Set(['tm', 'parms', 'tbf']);

/** Translates the actions of a filter. @internal */
export function actionsOf(
  rows: readonly ActAttrs[] | undefined,
  names: LinkNames,
  withStatistics: boolean,
): readonly TrafficAction[] | undefined {
  return rows?.map((row) => actionOf(row, names, withStatistics));
}

/** Translates the limit of a filter that was written without an action (`TCA_U32_POLICE`). @internal */
export function policeOf(options: PoliceAttrs, names: LinkNames): TrafficAction {
  return actionOf({ kind: 'police', options }, names, false);
}

function actionOf(row: ActAttrs, names: LinkNames, withStatistics: boolean): TrafficAction {
  const {
    kind: name,
    options = {},
    stats,
  } = row as { readonly kind: string; readonly options?: ActionData; readonly stats?: TcaStatsAttrs };
  const kind = Object.hasOwn(ACTION_KINDS, name) ? ACTION_KINDS[name] : undefined;
  const { index, refcnt = 0, bindcnt = 0, capab, ...parameters } = (options[kind?.parms ?? 'parms'] ?? {}) as General;
  const isShared = bindcnt > 1 || refcnt > bindcnt;
  const action = omitUndefined({
    kind: name,
    // A copy of a filter must not share an action by accident: only the number of an action that is shared is read.
    index: isShared ? index : undefined,
    ...(kind === undefined ? {} : kind.read(options, names)),
    options: kind === undefined ? otherOptions(options, { ...parameters, ...(capab !== 0 && { capab }) }) : restOf(options, kind),
    statistics: withStatistics && stats !== undefined ? statisticsOf(stats) : undefined,
  });
  return Object.defineProperty(action, Own, { value: index });
}

/** Returns the attributes of an action that no property means. */
function restOf(options: ActionData, kind: ActionKind): ActionData | undefined {
  const rest = Object.entries(options).filter(([name]) => !IGNORED.has(name) && !kind.attributes.includes(name));
  return rest.length === 0 ? undefined : engineWords(Object.fromEntries(rest));
}

/** Returns the attributes of an action of another kind, without those that change by themselves. */
function otherOptions({ tm: _times, parms, ...others }: ActionData, parameters: ActionData): ActionData {
  return engineWords(parms === undefined ? others : { ...others, parms: parameters });
}

function statisticsOf({ basic, pkt64, queue }: TcaStatsAttrs): ActionStatistics {
  return withJson({
    bytes: basic?.bytes ?? 0n,
    // The kernel sends 64 bits only if 32 are not enough.
    packets: pkt64 ?? BigInt(basic?.packets ?? 0),
    drops: queue?.drops ?? 0,
    overlimits: queue?.overlimits ?? 0,
  });
}

/** Translates checked actions into attributes. @internal */
export function actionRequests(wanted: readonly Normal[], names: LinkNames): readonly ActionData[] {
  return wanted.map(({ kind: name, index, options, ...properties }) => {
    const kind = Object.hasOwn(ACTION_KINDS, name as string) ? ACTION_KINDS[name as string] : undefined;
    const { parms, ...others } = { ...kind?.write(properties, names), ...(options as ActionData | undefined) };
    const struct = { ...(parms as ActionData | undefined), ...(typeof index === 'number' && { index }) };
    return { kind: name, options: { ...others, [kind?.parms ?? 'parms']: struct } };
  });
}

/** Returns the links that actions name. @internal */
export function actionLinks(wanted: Wanted): readonly string[] {
  return ((wanted['actions'] ?? []) as readonly Normal[]).map(({ link }) => link).filter((link) => typeof link === 'string');
}

/** Returns actions with the names of links in place of alternative names. @internal */
export function renameActionLinks(wanted: Wanted, nameOf: (link: string) => string): Wanted {
  const list = wanted['actions'] as readonly Normal[] | null | undefined;
  if (list === undefined || list === null) return wanted;
  return {
    ...wanted,
    actions: list.map((action) => (typeof action['link'] === 'string' ? { ...action, link: nameOf(action['link']) } : action)),
  };
}

/** Returns true if actions are those of a list: the same kinds in the same order, with all wanted properties. @internal */
export function sameActions(wanted: unknown, found: unknown): boolean {
  const one = (wanted ?? []) as readonly Normal[];
  const other = (found ?? []) as readonly Normal[];
  if (one.length !== other.length) return false;
  return one.every((action, index) => {
    const there = other[index]!;
    const equal = ACTION_KINDS[String(action['kind'])]?.equal;
    return Object.entries(action).every(([name, value]) => {
      if (name === 'statistics') return true;
      if (name === 'index' && Object.hasOwn(there, Own)) return value === (there as { readonly [Own]?: unknown })[Own];
      const same = equal?.[name];
      return same === undefined ? includes(value, there[name]) : same(value, there[name], there);
    });
  });
}

/** Returns true if a value is the wanted one; of an object, if all wanted properties are. @internal */
export function includes(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted) || ArrayBuffer.isView(wanted)) return sameValue(wanted, found);
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(wanted).every(([name, value]) => includes(value, (found as Normal)[name]));
}
