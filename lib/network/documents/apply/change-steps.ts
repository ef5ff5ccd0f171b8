import { FieldError } from '../../common/field-error.js';
import { Row } from '../../common/written.js';
import type { GetlinkReply } from '../../../families/rt-link.js';
import type { LinkNames } from '../../names/link-names.js';
import { linksOf, withLinkNames } from '../../tables/linked.js';
import { step, type RequestStep, type Step } from '../../tables/step.js';
import type { Update } from '../../tables/table-model.js';
import type { SiteChange } from './site.js';

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
  const { action, before, wanted } = change;
  if (half === 'remove') return silent(model.remove(before!));
  const unknown = linksOf(model, wanted!).find((link) => names.indexOf(link) === undefined);
  if (unknown !== undefined) throw new FieldError('', `no link is named '${unknown}'`, 'missing');
  const named = withLinkNames(model, wanted!, names);
  if (action !== 'change') return silent(model.create(named, names));
  const paths = [...change.changes!.keys()];
  if (change.table === 'links' && paths.includes('name')) return renamed({ site, change }, names, paths);
  return updateSteps(model.update(before!, named, propertiesOf(paths), names, paths), () => [
    ...model.remove(before!),
    ...model.create(named, names),
  ]);
}

/** Renames a link, then writes its other changes. */
function renamed({ site, change }: SiteChange, names: LinkNames, paths: readonly string[]): readonly Step[] {
  const { before, wanted } = change;
  const { ifiIndex } = (before as { readonly [Row]: GetlinkReply })[Row];
  const rename = step(site.clients.link, 'newlink', { ifiIndex, ifname: wanted!['name'] as string });
  const others = paths.filter((path) => path !== 'name');
  if (others.length === 0) return [rename];
  const update = site.models.links.update(before!, wanted!, propertiesOf(others), names, others);
  if ('recreate' in update) throw new FieldError(update.recreate[0]!, 'the kernel cannot change it in place', 'unsupported');
  return [rename, ...silent(update.steps)];
}

function updateSteps(update: Update, anew: () => readonly Step[]): readonly Step[] {
  return silent('recreate' in update ? (update.steps ?? anew()) : update.steps);
}

function propertiesOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.split('.')[0]!))];
}

/** Returns requests without echo: the objects are read afterwards, all of them. */
function silent(steps: readonly Step[]): readonly Step[] {
  return steps.map((each): Step => {
    if ('task' in each) return each;
    const { echo: _echo, ...options } = (each as RequestStep).options;
    return { ...each, options };
  });
}
