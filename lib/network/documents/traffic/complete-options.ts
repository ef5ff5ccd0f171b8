import { classKinds } from '../../classes/class-kinds.js';
import { qdiscKinds } from '../../qdiscs/kinds/kinds.js';
import type { Wanted } from '../../tables/table-model.js';
import { defaultsOf, type DefaultContext } from './default-options.js';

/**
 * Adds the default of each option that an object has and that is not wanted: a tree is owned whole, and the kernel keeps what a
 * change omits.
 *
 * An option that has to be absent gets `null`.
 *
 * @param wanted - The qdisc or the class, in normal form.
 * @param found - The object of the same kind that is there.
 * @internal
 */
export function completeOptions(
  table: 'qdiscs' | 'classes',
  wanted: Wanted,
  found: Wanted,
  context: Omit<DefaultContext, 'options'>,
): Wanted {
  const kind = wanted['kind'] as string;
  const [own, there] = [optionsOf(wanted, kind), optionsOf(found, kind)];
  if (found['kind'] !== kind) return wanted;
  const initial = initialOptionsOf(table, kind, own, context);
  const missing = Object.keys(there).flatMap((name) =>
    own[name] !== undefined || !Object.hasOwn(initial, name) ? [] : [[name, initial[name]] as const],
  );
  return missing.length === 0 ? wanted : { ...wanted, [kind]: { ...own, ...Object.fromEntries(missing) } };
}

/** Returns the options that a new object has without them, in the form of readers; those that have to be absent are `null`. @internal */
export function initialOptionsOf(
  table: 'qdiscs' | 'classes',
  kind: string,
  options: Readonly<Record<string, unknown>>,
  context: Omit<DefaultContext, 'options'>,
): Readonly<Record<string, unknown>> {
  const known = (table === 'qdiscs' ? qdiscKinds : classKinds).get(kind);
  const defaults = defaultsOf(table, kind, { ...context, options }) ?? {};
  const entries = Object.entries(defaults).filter(([name, value]) => value !== undefined && known?.options[name] !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value === null ? null : known!.options[name]!.check(value, name)]));
}

/** Returns true for an option that has to be absent, and that the kernel removes by a new object only. @internal */
export function isRemovedByRecreation(table: 'qdiscs' | 'classes', path: string, to: unknown): boolean {
  const [kind = '', name = ''] = path.split('.');
  const option = (table === 'qdiscs' ? qdiscKinds : classKinds).get(kind)?.options[name];
  return option !== undefined && to === undefined && option.nullable !== true;
}

function optionsOf(object: Wanted, kind: string): Readonly<Record<string, unknown>> {
  return (object[kind] ?? {}) as Readonly<Record<string, unknown>>;
}
