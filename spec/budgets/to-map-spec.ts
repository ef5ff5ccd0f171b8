import { Subject } from 'rxjs';
import { toMap, type LiveChange } from '../../lib/live/index.js';
import { expectBudget } from './expect-budget.js';

interface Route {
  readonly dst: string;
  readonly table: number;
  readonly oif: number;
}

const CHANGES = 4000;
const ROUNDS = 9;
/** Entries that change: as few as the small map has, so that the processor's cache does not count. */
const CHANGING = 1000;

const route = (index: number): Route => ({ dst: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, table: 254, oif: 1 });

/** Returns the microseconds of CPU time of one change in a map of this size; the lowest of several rounds. */
function costOfChange(size: number): number {
  const changes = new Subject<LiveChange<Route>>();
  let last: ReadonlyMap<string, Route> | undefined;
  const lease = changes.pipe(toMap(({ dst, table }) => `${dst} ${table}`)).subscribe((map) => (last = map));
  const entries = Array.from({ length: size }, (_, index) => route(index));
  changes.next({ type: 'synced', entries, reason: 'initial' });
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let change = 0; change < CHANGES; change++) {
      const previous = entries[((change * 7919) % CHANGING) * (size / CHANGING)]!;
      changes.next({ type: 'changed', value: { ...previous, oif: round }, previous, properties: ['oif'] });
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / CHANGES);
  }
  lease.unsubscribe();
  if (last?.size !== size) throw new Error(`the map has ${String(last?.size)} entries; expected ${size}`);
  return least;
}

describe('the cost of a change in toMap', function () {
  this.timeout(120_000);
  let small: number;
  let large: number;

  before(() => {
    small = costOfChange(1000);
    large = costOfChange(100_000);
  });

  it('is within its time budget: 100,000 entries', () => expectBudget('mapChange', large));

  it('hardly depends on the number of entries', () => expectBudget('mapChangeRatio', large / small));
});
