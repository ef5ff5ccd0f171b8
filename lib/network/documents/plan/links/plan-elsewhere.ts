import { FieldError } from '../../../common/field-error.js';
import type { Link, LinkSpec } from '../../../links/link.js';
import { checkNewLink } from '../../../links/link-shape.js';
import { LinkTable } from '../../../links/link-table.js';
import type { Wanted } from '../../../tables/table-model.js';
import type { ParsedLink } from '../../parse/parsed-document.js';
import { at } from '../../parse/path.js';
import type { Site, SiteChange } from '../../site.js';
import { differenceOf } from '../difference.js';
import { planChange } from '../plan-object.js';
import type { State } from '../planned-change.js';

/**
 * Plans a link whose parent is in the namespace of the document and which is in another one itself.
 *
 * @param here - The namespace of the document.
 * @param there - The namespace of the link.
 * @param state - The links of that namespace; undefined if it does not exist yet.
 * @throws FieldError
 * @internal
 */
export function planElsewhere(
  { path, name, wanted, netns }: ParsedLink,
  here: Site,
  there: Site,
  state: State | undefined,
): readonly SiteChange[] {
  const links = (state?.objects.links ?? []) as readonly Link[];
  const found = links.find((link) => link.name === name || link.altnames?.includes(name) === true);
  const model = there.models.links;
  if (found === undefined) {
    at(path, () => checkNewLink(wanted, wanted['parent'] !== undefined));
    const difference = differenceOf(model, 'add', wanted);
    const add = () => new LinkTable(here.clients).add({ ...wanted, netns } as unknown as LinkSpec);
    const change = {
      ...({ table: 'links', action: 'add', path, wanted, phase: 'create-links' } as const),
      difference,
      steps: () => [{ task: add }],
    };
    return [{ site: there, change }];
  }
  if (wanted['kind'] !== undefined && wanted['kind'] !== found.kind)
    throw new FieldError(`${path}.kind`, `link ${name} has kind ${found.kind ?? 'of a driver'} in that network namespace`, 'conflict');
  // Its parent is here, and not to be seen there.
  const { parent: _parent, ...properties } = wanted as Wanted & { readonly parent?: string };
  const change = planChange({ model, path, phase: 'settings', names: state!.names }, found, properties);
  if (change?.action === 'recreate') {
    const names = [...change.changes!.keys()].join(', ');
    throw new FieldError(path, `the kernel cannot change ${names} in place; delete the link in its network namespace first`, 'unsupported');
  }
  return change === undefined ? [] : [{ site: there, change }];
}
