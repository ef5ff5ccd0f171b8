import { TableFlags } from '../../../families/nftables.js';
import { omitUndefined } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import type { Difference } from '../../tables/verbs.js';
import type { FirewallTableKey } from '../firewall.js';
import type { SetThing } from '../objects/set.js';
import { typeNames } from '../objects/set-layout.js';
import { CREATE, identity, type Operation, type Thing } from '../objects/thing.js';
import { commentOf, commentUserdata } from '../objects/userdata.js';
import { canonical } from './canonical.js';
import { changedSettings, changesText, difference, settingsText, thingName } from './difference.js';
import { ruleContext, type FoundSet, type FoundTable } from '../state/found-table.js';
import { planElements } from './plan-elements.js';
import { planRules } from './plan-rules.js';
import { ReferencesCheck } from './references-check.js';
import { emptySteps, inOrder, type Steps } from './steps.js';
import type { WantedTable } from './wanted-table.js';

/** The differences of one table, and the operations that remove them. @internal */
export interface TablePlan {
  readonly differences: readonly Difference[];
  readonly operations: readonly Operation[];
}

/**
 * Plans one table.
 *
 * @param there - The table of the kernel; undefined if there is none; null if it is not known.
 * @throws FieldError if the document is not valid, or another socket owns the table.
 * @internal
 */
export function planTable(wanted: WantedTable, there: FoundTable | undefined | null, nextId: () => number): TablePlan {
  const found = there ?? undefined;
  const differences: Difference[] = [];
  const steps = emptySteps();
  if (wanted.isAbsent) {
    if (found !== undefined) {
      differences.push(difference('delete', tableName(wanted)));
      steps.removeLast.push(removeTable(wanted));
    }
  } else planContents(wanted, found, there === null, nextId, steps, differences);
  if (differences.length > 0) requireNoOwner(wanted, found);
  return { differences, operations: differences.length === 0 ? [] : inOrder(steps) };
}

/** @param isPart - True if the table of the kernel is not known, and may have things that the library does not: unknown names may be right. */
function planContents(
  wanted: WantedTable,
  found: FoundTable | undefined,
  isPart: boolean,
  nextId: () => number,
  steps: Steps,
  differences: Difference[],
): void {
  const isNewTable = planHead(wanted, found, steps, differences);
  const { isNew, recreated, removed } = planThings(wanted, found, isNewTable, steps, differences);
  const sets = new Map(wanted.sets.map(({ set }) => [set.name, set]));
  const context = ruleContext(wanted.family, (name) => sets.get(name) ?? (wanted.isWhole ? undefined : found?.sets.get(name)?.set));
  const references = new ReferencesCheck(wanted, found);
  const common = { table: wanted, scope: wanted.scope, recreated };
  for (const set of wanted.sets) {
    const there = found?.sets.get(set.set.name);
    const same = there !== undefined && sameForm(there, set.set) ? there : undefined;
    if (!isPart) references.elements(set);
    planElements({ ...common, wanted: set, found: same, isNew: isNew.has(identity(set.set)) }, steps, differences);
  }
  for (const chain of wanted.chains) {
    const there = found?.chains.get(chain.chain.name);
    const task = { ...common, wanted: chain, found: there, isNew: isNew.has(identity(chain.chain)), context, references, nextId };
    if (isPart) ignoreUnknownNames(() => planRules(task, steps, differences));
    else planRules(task, steps, differences);
  }
  references.jumps(wanted);
  for (const thing of removed) differences.push(difference('delete', thingName(wanted, thing)));
}

function ignoreUnknownNames(plan: () => void): void {
  try {
    plan();
  } catch (error) {
    if (!(error instanceof FieldError) || error.reason !== 'unknown-name') throw error;
  }
}

const tableName = ({ family, name }: FirewallTableKey): string => `table ${family} ${name}`;

function removeTable({ scope: { nfgenFamily, table } }: WantedTable): Operation {
  return { op: 'deltable', request: { nfgenFamily, name: table } };
}

/** Plans the table itself; returns true if it is created. */
function planHead(wanted: WantedTable, found: FoundTable | undefined, steps: Steps, differences: Difference[]): boolean {
  const settings = (comment: string | undefined, isDormant: boolean): Readonly<Record<string, unknown>> => ({
    ...(isDormant && { dormant: true }),
    ...(comment !== undefined && { comment }),
  });
  const { nfgenFamily, table } = wanted.scope;
  const persist = found === undefined ? 0 : (found.state.row.flags ?? 0) & TableFlags.Persist;
  const create: Operation = {
    op: 'newtable',
    request: { nfgenFamily, name: table, flags: persist | (wanted.isDormant ? TableFlags.Dormant : 0), ...commentUserdata(wanted.comment) },
    options: CREATE,
  };
  const own = settings(wanted.comment, wanted.isDormant);
  if (found === undefined) {
    differences.push(difference('add', tableName(wanted), settingsText(own)));
    steps.create.push(create);
    return true;
  }
  const { flags = 0, userdata } = found.state.row;
  const there = settings(commentOf(userdata), (flags & TableFlags.Dormant) !== 0);
  // The kernel cannot change a comment; a new table would take along what the document does not own.
  const compared = wanted.isWhole ? [own, there] : [own, there].map(({ comment: _comment, ...rest }) => rest);
  const changes = changedSettings(compared[0]!, compared[1]!);
  if (Object.keys(changes).length === 0) return false;
  const isRecreated = 'comment' in changes;
  differences.push(difference(isRecreated ? 'recreate' : 'change', tableName(wanted), changesText(changes), changes));
  if (isRecreated) steps.removeTable.push(removeTable(wanted));
  steps.create.push(create);
  return isRecreated;
}

/** The plan of the things in a table. */
interface PlannedThings {
  /** The identities of what is created. */
  readonly isNew: ReadonlySet<string>;
  /** The identities of what is created again. */
  readonly recreated: ReadonlySet<string>;
  readonly removed: readonly Thing[];
}

/** Plans what is in the table, without rules and elements. */
function planThings(
  wanted: WantedTable,
  found: FoundTable | undefined,
  isNewTable: boolean,
  steps: Steps,
  differences: Difference[],
): PlannedThings {
  const things = [
    ...wanted.flowtables,
    ...wanted.objects,
    ...wanted.sets.map(({ set }) => set),
    ...wanted.chains.map(({ chain }) => chain),
  ];
  const there = new Map(foundThings(found).map((thing) => [identity(thing), thing]));
  const [isNew, recreated] = [new Set<string>(), new Set<string>()];
  const removedFirst: Thing[] = [];
  for (const thing of things) {
    const old = there.get(identity(thing));
    there.delete(identity(thing));
    const name = thingName(wanted, thing);
    if (old === undefined) differences.push(difference('add', name, settingsText(thing.settings)));
    const changes =
      old === undefined ? {} : changedSettings(thing.settings, { ...withoutChosen(thing, old), ...old.comparedWith?.(thing) });
    const isChanged = Object.keys(changes).length > 0 || (old !== undefined && old.noun !== thing.noun);
    const isInPlace = Object.keys(changes).every((setting) => thing.inPlace.includes(setting)) && old?.noun === thing.noun;
    if (isChanged) differences.push(difference(isInPlace ? 'change' : 'recreate', name, changesText(changes), changes));
    if (old === undefined || isNewTable || (isChanged && !isInPlace)) {
      isNew.add(identity(thing));
      steps.create.push(thing.create());
      if (old !== undefined && !isNewTable) {
        recreated.add(identity(thing));
        removedFirst.push(old);
      }
    } else if (isChanged) steps.create.push(thing.create(), ...(thing.change?.(old) ?? []));
  }
  steps.removeFirst.push(...removals(removedFirst));
  const removed = wanted.isWhole ? [...there.values()] : [];
  if (!isNewTable) steps.removeLast.push(...removals(removed));
  return { isNew, recreated, removed };
}

/** Returns deletions in an order in which nothing that is deleted is used: rules use sets, sets use chains and objects. */
function removals(things: readonly Thing[]): readonly Operation[] {
  const spaces = ['set', 'chain', 'flowtable'];
  const rank = ({ space }: Thing): number => (spaces.includes(space) ? spaces.indexOf(space) : spaces.length);
  const chains = things.filter(({ space }) => space === 'chain');
  const flushes = chains.map((chain): Operation => {
    const { nfgenFamily, table } = chain.scope;
    return { op: 'flushchain', request: { nfgenFamily, table, chain: chain.name } };
  });
  return [...flushes, ...[...things].sort((a, b) => rank(a) - rank(b)).map((thing) => thing.remove())];
}

function foundThings(found: FoundTable | undefined): readonly Thing[] {
  if (found === undefined) return [];
  const sets = [...found.sets.values()].map(({ set }) => set);
  return [...found.flowtables, ...found.objects, ...sets, ...[...found.chains.values()].map(({ chain }) => chain)];
}

/** Returns true if the elements of one set can be those of the other. */
function sameForm({ set }: FoundSet, { layout, noun }: SetThing): boolean {
  const form = ({ types, isInterval, data }: SetThing['layout']): string =>
    canonical([typeNames(types), isInterval, data?.kind === 'value' ? [typeNames(data.types), data.isInterval] : data]);
  return set.noun === noun && form(set.layout) === form(layout);
}

/** @throws FieldError if another socket owns the table. */
function requireNoOwner({ path }: WantedTable, found: FoundTable | undefined): void {
  if (((found?.state.row.flags ?? 0) & TableFlags.Owner) === 0) return;
  throw new FieldError(path, 'another socket owns the table; only that one can change it', 'denied');
}

/** The size that the kernel gives to a set without one when a rule adds elements to it (`nft_dynset_init`). */
const CHOSEN_SIZE = 65_535;

/** Returns the settings of an object without the size that the kernel has chosen. */
function withoutChosen({ settings }: Thing, { settings: found }: Thing): Thing['settings'] {
  const isChosen = settings['size'] === undefined && found['size'] === CHOSEN_SIZE && isDynamic(settings['flags']);
  return isChosen ? omitUndefined({ ...found, size: undefined }) : found;
}

function isDynamic(flags: unknown): boolean {
  return Array.isArray(flags) && flags.includes('dynamic');
}
