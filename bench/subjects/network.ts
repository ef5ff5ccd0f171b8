/*
 * The library's side of `npm run bench:network`: runs one mode, and prints figures as JSON.
 */
import { firstValueFrom, lastValueFrom, Subject, timeout } from 'rxjs';
import { network, type RouteSpec } from '../../dist/network/index.js';

const [mode = '', count = '0'] = process.argv.slice(2);
const net = network();

/** Returns the processor time of a run in milliseconds, user and system, and the time that it takes. */
async function measured(run: () => Promise<unknown>): Promise<{ readonly cpu: number; readonly wall: number }> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - began };
}

function* routes(number: number): Generator<RouteSpec> {
  for (let index = 0; index < number; index++) yield { to: `11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`, link: 'bench0' };
}

/** Adds routes in one call. The first requests, which compile the codecs, do not count. */
async function add(): Promise<object> {
  await lastValueFrom(net.routes.addMany([{ to: '12.0.0.0/32', link: 'bench0' }]));
  return measured(() => lastValueFrom(net.routes.addMany(routes(Number(count)))));
}

async function list(): Promise<object> {
  const read = () => lastValueFrom(net.links.list({ with: 'addresses' }));
  for (let round = 0; round < 3; round++) await read();
  return measured(read);
}

/** Milliseconds after which an emission is missing. */
const PATIENCE = 20_000;

/** Adds single routes to a table that a view shows, and waits for each in the view. None of them may exist. */
async function view(): Promise<object> {
  const [warmUp, changes] = [50, 200];
  const emitted = new Subject<unknown>();
  const watching = net.view({ routes: { table: 'main' } }).subscribe(emitted);
  const next = (): Promise<unknown> => firstValueFrom(emitted.pipe(timeout(PATIENCE)));
  await next();
  const single = (index: number): Promise<unknown> => {
    const route = { to: `13.0.${index >> 8}.${index & 255}/32`, link: 'bench0' };
    return Promise.all([next(), lastValueFrom(net.routes.replace(route))]);
  };
  for (let index = 0; index < warmUp; index++) await single(index);
  const { cpu } = await measured(async () => {
    for (let index = 0; index < changes; index++) await single(warmUp + index);
  });
  watching.unsubscribe();
  return { change: cpu / changes };
}

const modes: Readonly<Record<string, () => Promise<object>>> = { add, list, view };
console.log(JSON.stringify(await modes[mode]!()));
net.close();
process.exit();
