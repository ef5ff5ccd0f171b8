import { FieldError } from '../../common/field-error.js';
import { joined } from '../../common/joined.js';
import { each, type Work } from '../../common/slices.js';
import { sameValue } from '../../../live/internal.js';
import { Slots } from '../../tables/slots.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { checkLinks } from './check-links.js';
import type { ListTable, ParsedDocument, ParsedObject, ProtocolTable } from './parsed-document.js';
import { workAt } from './path.js';

const OBJECTS: readonly ProtocolTable[] = ['routes', 'rules', 'nexthops'];

/** The error for a route that documents cannot have. @internal */
export const KERNEL_ROUTE = 'the kernel makes its routes with addresses; list the address of the link in place of the route';

const LISTS: readonly ListTable[] = ['addresses', 'neighbours', 'fdb'];

/** Checks that the parts of a document do not contradict each other. @throws FieldError @internal */
export function* checkDocument(models: DocumentModels, parsed: ParsedDocument): Work<void> {
  yield* checkLinks(models.links, parsed);
  for (const { lists } of parsed.links) for (const table of LISTS) yield* requireUnique(models[table], lists[table] ?? []);
  for (const table of OBJECTS) yield* requireUnique(models[table], parsed.objects[table] ?? []);
  yield* checkProtocols(parsed);
  yield* checkNexthops(parsed);
  for (const [name, inner] of parsed.namespaces) {
    if (inner !== null) yield* workAt(`namespaces.${name}`, () => checkDocument(models, inner));
    else refuseUse(name, parsed);
  }
}

/** @throws FieldError if two elements describe one object of the kernel. */
function* requireUnique(model: TableModel<object>, objects: readonly ParsedObject[]): Work<void> {
  const areAbsent = objects.some(({ absent }) => absent);
  if (!areAbsent && (yield* areAlone(model, objects))) return;
  const slots = new Slots<ParsedObject>();
  const refuse = ({ path, wanted }: ParsedObject, earlier: ParsedObject | undefined): void => {
    if (earlier === undefined) return;
    throw new FieldError(path, `${model.noun} ${model.nameOf(wanted)} is listed already, at ${earlier.path}`, 'conflict');
  };
  yield* each(objects, (object) => {
    const slot = model.slot(object.key);
    const others = slots.get(slot);
    if (others.length > 0) {
      const text = keyText(object.key);
      refuse(
        object,
        others.find(({ key }) => keyText(key) === text),
      );
    }
    slots.add(slot, object);
  });
  if (!areAbsent) return;
  // The key of an absent object may lack parts.
  const present = objects.filter(({ absent }) => !absent);
  yield* each(objects, (object) => {
    if (!object.absent) return;
    const same = present.find(({ wanted, key }) => hasKey({ ...wanted, ...key }, object.wanted));
    refuse(object, same);
  });
}

/** Returns true if each object is alone in its slot, as in almost all documents. */
function* areAlone(model: TableModel<object>, objects: readonly ParsedObject[]): Work<boolean> {
  const slots = new Set<string>();
  yield* each(objects, ({ key }) => void slots.add(model.slot(key)));
  return slots.size === objects.length;
}

/** Returns true if the key of an absent object selects a wanted one. */
function hasKey(object: Wanted, key: Wanted): boolean {
  return Object.entries(key).every(([name, value]) => sameValue(value ?? undefined, object[name] ?? undefined));
}

/** Returns a text that is equal for equal keys; what is absent may be `null`. @internal */
export function keyText(key: Wanted): string {
  const given = Object.entries(key).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @throws FieldError if a route is the kernel's, or an object has another protocol than the one that the document owns. */
function* checkProtocols({ objects, owns }: ParsedDocument): Work<void> {
  yield* each(objects.routes ?? [], (route) => {
    if (!route.absent && route.wanted['protocol'] === 'kernel') throw new FieldError(`${route.path}.protocol`, KERNEL_ROUTE);
  });
  if (owns.protocol === undefined) return;
  yield* each(joined(Object.values(objects)), (object) => {
    const { protocol } = object.wanted as { readonly protocol?: string | number };
    if (!object.absent && protocol !== undefined && protocol !== owns.protocol)
      throw new FieldError(
        `${object.path}.protocol`,
        `is ${protocol}, and the document owns protocol ${owns.protocol}; omit it here`,
        'conflict',
      );
  });
}

/** @throws FieldError if a nexthop that the document deletes is in use in it. */
function* checkNexthops({ objects }: ParsedDocument): Work<void> {
  const absent = new Set(objects.nexthops?.filter((nexthop) => nexthop.absent).map(({ wanted }) => wanted['id']));
  if (absent.size === 0) return;
  const refuse = (path: string, id: unknown): void => {
    if (absent.has(id)) throw new FieldError(path, `the document deletes nexthop ${String(id)}`, 'conflict');
  };
  yield* each(objects.routes ?? [], ({ absent: isAbsent, path, wanted }) => {
    if (!isAbsent) refuse(`${path}.nexthop`, wanted['nexthop']);
  });
  for (const { path, wanted } of objects.nexthops ?? [])
    for (const [index, member] of ((wanted['group'] ?? []) as readonly { readonly id: number }[]).entries())
      refuse(`${path}.group[${index}].id`, member.id);
}

/** @throws FieldError if a link is created in a namespace that the document deletes. */
function refuseUse(name: string, { links }: ParsedDocument): void {
  const text = `the document deletes the network namespace '${name}'`;
  for (const { path, netns, wanted } of links) {
    if (netns === name) throw new FieldError(`${path}.netns`, text, 'conflict');
    const kind = String(wanted['kind']);
    const { peer } = (wanted[kind] ?? {}) as { readonly peer?: { readonly netns?: unknown } };
    if (peer?.netns === name) throw new FieldError(`${path}.${kind}.peer.netns`, text, 'conflict');
  }
}
