import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type CDPSession } from 'playwright-core';
import type { Row } from '../bench.js';
import { digits, figuresOf, grouped } from '../support/figures.js';
import { atExit, command, makeNamespace, ownFolder } from '../support/place.js';
import type { Check, Result, Series } from '../support/result.js';

const CHROMIUM = '/usr/bin/chromium';
const MAIN = join(dirname(dirname(import.meta.dirname)), 'dist/cli/main.js');
const PAIRS = 498;
const CHANGES = 100;
const SECONDS = 10;
const ROUNDS = 3;
/** The most per cent of one processor, on a machine with two processors that has no other load. */
const BOUNDS = { page: 30, server: 15 };
/** Clock ticks of /proc in a second. */
const TICKS = 100;

/** The processor time in per cent of one processor. */
interface Used {
  readonly page: number;
  readonly server: number;
}

/** Hides the other namespaces of the machine: the server would watch their links also. */
const ALONE = 'exec 9</run/netns/"$0" && mount -t tmpfs none /run/netns && exec "$@" --netns /proc/self/fd/9';

/** Makes a namespace with 1,000 links in four bridges. */
function makeLinks(): string {
  const namespace = makeNamespace('dashboard');
  command('ip', 'netns', 'exec', namespace, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode');
  const pairs = Array.from({ length: PAIRS }, (_, index) => index);
  const lines = [
    ...[0, 1, 2, 3].flatMap((bridge) => [`link add bridge${bridge} type bridge`, `link set bridge${bridge} up`]),
    ...pairs.map((index) => `link add a${index} type veth peer name z${index}`),
    ...pairs.flatMap((index) => [`link set a${index} master bridge${index % 4} up`, `link set z${index} up`]),
  ];
  const batch = join(ownFolder(), 'dashboard');
  writeFileSync(batch, `${lines.join('\n')}\n`);
  command('ip', '-n', namespace, '-batch', batch);
  return namespace;
}

/** Returns the seconds of processor time that a process has used. */
function processorTime({ pid }: ChildProcess): number {
  // The name in parentheses may contain blanks.
  const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Returns the seconds that the main thread of a page has worked. */
async function mainThreadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** Starts the dashboard, and returns its process and the address that it prints. */
async function startServer(namespace: string): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const command = ['sh', '-c', ALONE, namespace, process.execPath, MAIN, 'dashboard'];
  const server = spawn('unshare', ['--mount', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  atExit(() => server.kill('SIGKILL'));
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (text: Buffer) => resolve(/http:\S+/.exec(String(text))?.[0] ?? ''));
    server.once('exit', (code) => reject(new Error(`bench: rxnetlink dashboard ended with ${String(code)}; expected an address`)));
  });
  return { server, address };
}

/** Changes links of a namespace until it is stopped. */
function change(namespace: string): () => void {
  const ip = spawn('ip', ['-n', namespace, '-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
  let count = 0;
  const timer = setInterval(() => {
    for (let line = 0; line < CHANGES / 10; line++) {
      const place = (++count * 7919) % PAIRS;
      const words = count % 3 === 0 ? `z${place} ${count % 2 === 0 ? 'down' : 'up'}` : `a${place} mtu ${1400 + (count % 100)}`;
      ip.stdin.write(`link set ${words}\n`);
    }
  }, 100);
  return () => {
    clearInterval(timer);
    ip.stdin.end();
  };
}

/** Measures the processor time of the dashboard: its server, and the main thread of its page in Chromium. */
export const dashboardRow: Row = {
  name: 'dashboard',
  async measure(): Promise<Result> {
    const title = `dashboard with ${grouped(2 * PAIRS + 5)} links and ${CHANGES} changes a second, processor time`;
    const result = { name: 'dashboard', title, unit: '% of one processor' };
    if (!existsSync(CHROMIUM)) {
      return { ...result, series: [], checks: [], missing: ['chromium is not installed: apt-get install chromium fonts-dejavu-core'] };
    }
    const namespace = makeLinks();
    const { server, address } = await startServer(namespace);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.goto(address);
    await page.locator('tbody tr').nth(299).waitFor();
    const measure = async (): Promise<Used> => {
      const before = [await mainThreadTime(session), processorTime(server)] as const;
      const began = performance.now();
      await delay(SECONDS * 1000);
      const percent = 100_000 / (performance.now() - began);
      return { page: ((await mainThreadTime(session)) - before[0]) * percent, server: (processorTime(server) - before[1]) * percent };
    };
    // The engine compiles what runs often.
    await delay(5000);
    const idle = [await measure()];
    const stop = change(namespace);
    const busy: Used[] = [];
    for (let round = 0; round < ROUNDS; round++) busy.push(await measure());
    stop();
    await browser.close();
    server.kill();
    const series = (name: string, values: readonly number[]): Series => ({ name, role: 'library', figures: figuresOf(values) });
    const checks = (['page', 'server'] as const).map((part): Check => {
      const { median } = figuresOf(busy.map((figures) => figures[part]));
      return {
        what: `the ${part} of the dashboard, ${CHANGES} changes a second`,
        bound: `<= ${BOUNDS[part]} %`,
        figure: `${digits(median)} %`,
        holds: median <= BOUNDS[part],
      };
    });
    return {
      ...result,
      series: [
        series(
          'server, no change',
          idle.map((figures) => figures.server),
        ),
        series(
          'main thread of the page, no change',
          idle.map((figures) => figures.page),
        ),
        series(
          'server',
          busy.map((figures) => figures.server),
        ),
        series(
          'main thread of the page',
          busy.map((figures) => figures.page),
        ),
      ],
      checks,
      missing: [],
    };
  },
};
