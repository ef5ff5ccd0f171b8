import type { OperationFlags } from '../../../client/index.js';
import { FieldError } from '../../common/field-error.js';
import type { LinkNames } from '../../names/link-names.js';
import { linksOf, withLinkNames } from '../../tables/linked.js';
import type { Step } from '../../tables/step.js';
import { updateOf } from '../plan/plan-object.js';
import type { SiteChange } from '../site.js';

/** One of the two halves of a change: only a recreated object has both. @internal */
export type Half = 'remove' | 'write';

/**
 * Returns the requests of a change.
 *
 * @param names - The links of the namespace now: the plan may have created some of them.
 * @throws FieldError if a link does not exist, or the kernel cannot make the change.
 * @internal
 */
export function changeSteps({ site, change }: SiteChange, half: Half, names: LinkNames): readonly Step[] {
  const model = site.models[change.table];
  const { action, before, wanted, steps } = change;
  if (steps !== undefined) return steps(names);
  if (half === 'remove') return silent(model.remove(before!));
  for (const link of linksOf(model, wanted!))
    if (names.indexOf(link) === undefined) throw new FieldError('', `no link is named '${link}'`, 'missing');
  const named = withLinkNames(model, wanted!, names);
  if (action === 'add') {
    const creation = model.creation?.(named);
    if (creation !== undefined) return [creation];
  }
  if (action !== 'change') return silent(model.create(named, names));
  const update = updateOf(model, before!, named, change.changes!, names);
  if (!('recreate' in update)) return silent(update.steps);
  return silent(update.steps ?? [...model.remove(before!), ...model.create(named, names)]);
}

/** Returns requests without echo: all objects are read afterwards. */
function silent(steps: readonly Step[]): readonly Step[] {
  // Most changes have one request.
  return steps.length === 1 ? [silentStep(steps[0]!)] : steps.map(silentStep);
}

function silentStep(each: Step): Step {
  if ('task' in each) return each;
  const { client, op, request, options, explain } = each;
  return options.echo === undefined ? each : { client, op, request, options: withoutEcho(options), explain };
}

/** The flags without echo. Most tables have one object of flags for all their requests. */
const SILENT = new WeakMap<OperationFlags, OperationFlags>();

function withoutEcho(options: OperationFlags): OperationFlags {
  let silent = SILENT.get(options);
  if (silent === undefined) SILENT.set(options, (silent = { ...options, echo: false }));
  return silent;
}
