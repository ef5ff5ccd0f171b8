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
  const defaults = defaultsOf(table, kind, { ...context, options: own });
  const known = (table === 'qdiscs' ? qdiscKinds : classKinds).get(kind);
  if (defaults === undefined || known === undefined || found['kind'] !== kind) return wanted;
  const missing = Object.keys(there).flatMap((name) => {
    const [value, option] = [defaults[name], known.options[name]];
    if (own[name] !== undefined || value === undefined || option === undefined) return [];
    return [[name, value === null ? null : option.check(value, name)] as const];
  });
  return missing.length === 0 ? wanted : { ...wanted, [kind]: { ...own, ...Object.fromEntries(missing) } };
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
