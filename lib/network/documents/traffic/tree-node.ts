import type { Wanted } from '../../tables/table-model.js';
import type { ClassTree, ClsactTree, FilterOfTree, QdiscTree } from '../document.js';

/** An object of a tree, with its place in the document. @internal */
export interface TreeObject {
  readonly wanted: Wanted;
  readonly path: string;
}

/** A qdisc with what belongs to it: its classes in the order of their creation, its filters, and the qdiscs of its classes. @internal */
export interface TreeNode extends TreeObject {
  readonly classes: readonly TreeObject[];
  readonly filters: readonly TreeObject[];
  readonly children: readonly TreeNode[];
}

/** Kinds whose classes users create; other kinds have classes by themselves. @internal */
export const WITH_CREATED_CLASSES: ReadonlySet<string> = new Set(['atm', 'drr', 'hfsc', 'htb', 'qfq']);

/** Returns the objects of a root qdisc with its tree. The tree is in normal form. @internal */
export function nodeOfTree(link: string, tree: QdiscTree, path: string): TreeNode {
  return nodeOf(link, 'root', tree, path);
}

/** Returns the objects of a `clsact` qdisc. @internal */
export function nodeOfClsact(link: string, { kind = 'clsact', ingress = [], egress = [] }: ClsactTree, path: string): TreeNode {
  return {
    wanted: { link, parent: 'clsact', kind },
    path,
    classes: [],
    filters: [...filtersOf(link, 'ingress', ingress, `${path}.ingress`), ...filtersOf(link, 'egress', egress, `${path}.egress`)],
    children: [],
  };
}

function nodeOf(link: string, parent: string, { classes = [], filters = [], ...qdisc }: QdiscTree, path: string): TreeNode {
  const below: { readonly [K in 'classes' | 'filters']: TreeObject[] } & { readonly children: TreeNode[] } = {
    classes: [],
    filters: qdisc.handle === undefined ? [] : filtersOf(link, qdisc.handle, filters, `${path}.filters`),
    children: [],
  };
  const addClasses = (above: string, trees: readonly ClassTree[], place: string): void => {
    for (const [index, { classes: inner = [], filters: own = [], qdisc: child, ...one }] of trees.entries()) {
      const at = `${place}[${index}]`;
      if (WITH_CREATED_CLASSES.has(qdisc.kind)) below.classes.push({ wanted: { link, parent: above, ...one }, path: at });
      addClasses(one.handle, inner, `${at}.classes`);
      below.filters.push(...filtersOf(link, one.handle, own, `${at}.filters`));
      if (child !== undefined) below.children.push(nodeOf(link, one.handle, child, `${at}.qdisc`));
    }
  };
  if (qdisc.handle !== undefined) addClasses(qdisc.handle, classes, `${path}.classes`);
  return { wanted: { link, parent, ...qdisc }, path, ...below };
}

function filtersOf(link: string, parent: string, filters: readonly FilterOfTree[], path: string): TreeObject[] {
  return filters.map((filter, index) => ({ wanted: { link, parent, ...filter }, path: `${path}[${index}]` }));
}
