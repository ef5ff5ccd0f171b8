// `node --import tsx scripts/command/record-terminal.ts`: runs the command in a network namespace, in a terminal, and writes the picture
// docs/images/command.svg. Needs root, the built package, and the programs ip, nsenter, script and timeout.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminalSvg, type Recorded } from './terminal-svg.js';

const root = resolve(import.meta.dirname, '../..');

/** The picture, from the root of the project. */
export const PICTURE = 'docs/images/command.svg';

const DOCUMENT = {
  version: 1,
  links: [
    { name: 'br0', kind: 'bridge', up: true, mac: '02:00:00:00:00:10', addresses: [{ address: '10.0.0.1/24' }] },
    { name: 'lan0', master: 'br0', mtu: 1400, up: true },
  ],
  routes: [{ to: '192.0.2.0/24', via: '10.0.0.9' }],
};

/** The links of the namespace, with addresses that are the same in each recording. */
const LINKS = [
  // The test for duplicates would end during the recording of `monitor`, or before it.
  'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad',
  'ip link add lan0 address 02:00:00:00:00:01 type veth peer name host0 address 02:00:00:00:00:02',
  'ip link set lan0 addrgenmode none',
  'ip link set host0 addrgenmode none',
  'ip link set host0 up',
  'ip link add wan0 address 02:00:00:00:00:03 type veth peer name isp0 address 02:00:00:00:00:04',
  'ip link set wan0 addrgenmode none up',
  'ip link set isp0 addrgenmode none up',
  'ip address add 203.0.113.5/24 dev wan0',
].join(' && ');

/** The changes that `monitor` prints. */
const CHANGES = 'ip address add 10.0.0.2/24 dev br0; ip link set wan0 mtu 1280; ip route delete 192.0.2.0/24';

/** Runs the commands, and returns what they printed. */
export function recordTerminal(): Recorded[] {
  const name = `rxnl-record-${String(process.pid)}`;
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-record-'));
  const shell = (script: string): string =>
    execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', script], { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const inTerminal = (script: string): string =>
    shell(`script -qec ${quoted(`stty cols 96 rows 50; export TERM=xterm; ${script}`)} /dev/null || true`)
      .replaceAll('\r', '')
      .replaceAll('^C', '')
      .trimEnd();
  const main = `${quoted(process.execPath)} ${quoted(join(root, 'dist/cli/main.js'))}`;
  const run = (words: string): Recorded => ({ command: `rxnetlink ${words}`, output: inTerminal(`${main} ${words}`) });
  execFileSync('ip', ['netns', 'add', name]);
  try {
    shell(LINKS);
    writeFileSync(join(folder, 'router.json'), JSON.stringify(DOCUMENT));
    const planned = [run('plan router.json'), run('apply router.json'), run('links')];
    // The monitor listens after a moment; then other programs change the network.
    const monitored = inTerminal(`(sleep 3; ${CHANGES}; sleep 1) > /dev/null & timeout -s INT 6 ${main} monitor links addresses routes`);
    return [...planned, { command: 'rxnetlink monitor links addresses routes', output: monitored }];
  } finally {
    execFileSync('ip', ['netns', 'delete', name]);
    rmSync(folder, { recursive: true });
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, PICTURE), terminalSvg(recordTerminal()));
