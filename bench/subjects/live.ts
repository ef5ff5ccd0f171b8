/*
 * A process that bench/live.ts measures. The argument selects the work:
 *
 *   bare    imports rxjs and waits
 *   idle    watches links, addresses, routes and neighbours, and waits
 *   map     changes maps of 1,000 and of 100,000 entries, and prints the CPU time of a change, a look-up and a walk as JSON
 *   sync    watches the IPv4 routes, and prints the time to read all, their heap and the time of a change as JSON
 */
import { readFileSync } from 'node:fs';
import { Subject, filter, firstValueFrom, interval } from 'rxjs';
import type { LiveChange } from '../../dist/live/index.js';

const [mode] = process.argv.slice(2);

/** Returns the memory and the wake-ups of the idle process. */
async function rest(): Promise<object> {
  const wait = (milliseconds: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  await wait(1500);
  globalThis.gc?.();
  await wait(500);
  const status = (): Record<string, string> =>
    Object.fromEntries(
      readFileSync('/proc/self/task/' + String(process.pid) + '/status', 'utf8')
        .split('\n')
        .map((line) => line.split(/:\s+/) as [string, string]),
    );
  const switches = (): number => Number(status()['voluntary_ctxt_switches']);
  const before = switches();
  await wait(3000);
  // One wake-up is the timer of this measurement.
  return { wakeUps: switches() - before - 1, resident: process.memoryUsage.rss() };
}

async function watchAll(): Promise<void> {
  const [{ rtLink }, { rtAddr }, { rtRoute }, { rtNeigh }] = await Promise.all([
    import('../../dist/families/rt-link.js'),
    import('../../dist/families/rt-addr.js'),
    import('../../dist/families/rt-route.js'),
    import('../../dist/families/rt-neigh.js'),
  ]);
  rtLink().watch('getlink').subscribe();
  rtAddr().watch('getaddr').subscribe();
  rtRoute().watch('getroute').subscribe();
  rtNeigh().watch('getneigh').subscribe();
}

async function sync(): Promise<object> {
  const { rtRoute } = await import('../../dist/families/rt-route.js');
  const client = rtRoute({ receiveBufferSize: 32 << 20 });
  const collection = client.watch('getroute', { rtmFamily: 2 });
  // The table does not exist: this compiles the codecs and keeps no rows.
  await firstValueFrom(client.watch('getroute', { rtmFamily: 2, table: 4242 }));
  const before = await weigh();
  let count = 0;
  const lease = collection.subscribe((change) => {
    if (change.type === 'synced') count = change.entries.length;
  });
  await firstValueFrom(collection);
  const weight = (await weigh()) - before;
  const request = { rtmFamily: 2, rtmDstLen: 32, dst: '203.0.113.77', oif: 1, rtmTable: 254, rtmType: 'unicast', rtmScope: 253 } as const;
  client.socket.connect();
  const changes: number[] = [];
  for (let run = 0; run < 200; run++) {
    const op = run % 2 === 0 ? 'newroute' : 'delroute';
    const changed = firstValueFrom(collection.pipe(filter(({ type }) => type === 'added' || type === 'removed')));
    const began = performance.now();
    client.do(op, request, op === 'newroute' ? { create: true } : {}).subscribe();
    await changed;
    changes.push(performance.now() - began);
  }
  lease.unsubscribe();
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const began = performance.now();
    await firstValueFrom(collection);
    times.push(performance.now() - began);
  }
  client.close();
  return { count, sync: median(times), bytes: weight / count, change: median(changes) };
}

/** Returns the microseconds of CPU time of a change in `toMap`, of a look-up, and of a walk over the map. */
async function changeMap(size: number): Promise<object> {
  const { toMap } = await import('../../dist/live/index.js');
  const changes = new Subject<LiveChange<{ readonly key: string }>>();
  let map: ReadonlyMap<string, object> = new Map();
  changes.pipe(toMap(({ key }) => key)).subscribe((next) => (map = next));
  const entries = Array.from({ length: size }, (_, index) => ({ key: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 254` }));
  changes.next({ type: 'synced', entries, reason: 'initial' });
  const cost = (times: number, work: (index: number) => unknown): number => {
    for (let index = 0; index < times; index++) work(index);
    const before = process.cpuUsage();
    for (let index = 0; index < times; index++) work(index);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  const at = (index: number): { readonly key: string } => entries[(index * 7919) % size]!;
  return {
    change: cost(20_000, (index) => changes.next({ type: 'changed', value: { ...at(index) }, previous: at(index), properties: ['key'] })),
    get: cost(100_000, (index) => map.get(at(index).key)),
    walk: cost(5, () => [...map].length),
  };
}

async function weigh(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

if (mode === 'map') console.log(JSON.stringify([await changeMap(1000), await changeMap(100_000)]));
else if (mode === 'sync') console.log(JSON.stringify(await sync()));
else {
  if (mode === 'idle') await watchAll();
  else interval(1 << 30).subscribe();
  console.log(JSON.stringify(await rest()));
}
process.exit();
