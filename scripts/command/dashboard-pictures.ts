// `node --import tsx scripts/command/dashboard-pictures.ts`: starts the dashboard of a small network, and writes the pictures
// docs/images/dashboard-light.png and docs/images/dashboard-dark.png. Needs root, the built package, and the programs chromium, ip, python3 and
// unshare. It takes two minutes: the plot shows that time.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');

/** Set in the process that has mounts and a host name of its own: the namespaces can have short names there. */
const INSIDE = 'RXNETLINK_PICTURES_INSIDE';
const OWN_NAMES = 'mount -t tmpfs tmpfs /run && mkdir -p /run/netns && hostname gateway && exec "$@"';

const SECONDS = 125;
const SIZE = { width: 1280, height: 700 };

/** A router with a bridge, two hosts behind it, an uplink, and a tunnel. The addresses are those for documentation. */
const NETWORK = [
  ...['router', 'web', 'database', 'uplink'].map((name) => `ip netns add ${name}`),
  'ip netns exec router sh -c "cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/default/disable_ipv6"',
  'ip -n router link add br0 address 02:00:00:00:10:01 type bridge',
  'ip -n router link add wan0 address 02:00:00:00:20:01 type veth peer name eth0 netns uplink',
  ...['web', 'database'].flatMap((name, index) => [
    `ip -n router link add lan${index} address 02:00:00:00:30:0${index + 1} type veth peer name eth0 netns ${name}`,
    `ip -n router link set lan${index} master br0 up`,
    `ip -n ${name} address add 192.0.2.${index + 11}/24 dev eth0`,
    `ip -n ${name} link set eth0 up`,
    `ip -n ${name} route add default via 192.0.2.1`,
  ]),
  'ip -n router link add lan3 address 02:00:00:00:30:04 mtu 9000 type veth peer name lan4 address 02:00:00:00:30:05',
  'ip -n router link set lan3 master br0',
  'ip -n router link add vxlan7 address 02:00:00:00:40:01 type vxlan id 7 remote 203.0.113.7 dstport 4789',
  'ip -n router link set vxlan7 master br0 up',
  'ip -n router address add 192.0.2.1/24 dev br0',
  'ip -n router address add 198.51.100.2/24 dev wan0',
  ...['lo', 'br0', 'wan0'].map((name) => `ip -n router link set ${name} up`),
  'ip -n router route add default via 198.51.100.1',
  'ip -n uplink address add 198.51.100.1/24 dev eth0',
  'ip -n uplink link set eth0 up',
  'ip -n uplink route add 192.0.2.0/24 via 198.51.100.2',
];

/** Sends datagrams to a host: bytes a second, their share that comes and goes, and its period in seconds. Receives those of others. */
const TRAFFIC = `
import math, random, socket, sys, threading, time
host, rate, share, period = sys.argv[1], *map(float, sys.argv[2:])
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end.bind(('', 9))
def receive():
    while True: end.recv(2000)
threading.Thread(target=receive, daemon=True).start()
noise = random.Random(host)
while True:
    wave = 1 - share / 2 + share / 2 * math.sin(time.time() / period * 2 * math.pi) + noise.uniform(-0.08, 0.08)
    for _ in range(max(0, round(rate * wave / 20 / 1228))):
        try: end.sendto(b'x' * 1200, (host, 9))
        except OSError: pass
    time.sleep(0.05)
`;

/** The hosts that send: who, to which address, how much. */
const FLOWS = [
  ['uplink', '192.0.2.11', 3_000_000, 0.9, 70],
  ['web', '198.51.100.1', 900_000, 0.7, 45],
  ['database', '192.0.2.11', 700_000, 0.5, 30],
] as const;

async function takePictures(): Promise<void> {
  const children: ChildProcess[] = [];
  try {
    for (const line of NETWORK) execFileSync('sh', ['-c', line]);
    for (const [name, ...flow] of FLOWS)
      children.push(spawn('ip', ['netns', 'exec', name, 'python3', '-c', TRAFFIC, ...flow.map(String)], { stdio: 'ignore' }));
    const server = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'dashboard', '--netns', 'router'], { stdio: 'pipe' });
    children.push(server);
    const address = await new Promise<string>((printed) => {
      server.stdout.on('data', (text: Buffer) => printed(/http:\S+/.exec(String(text))![0]));
    });
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(address);
    await page.waitForTimeout(SECONDS * 1000);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // The plot is made again with the colours of the scheme.
      await page.waitForTimeout(1000);
      await page.screenshot({ path: join(root, `docs/images/dashboard-${colorScheme}.png`) });
    }
    await browser.close();
  } finally {
    for (const child of children) child.kill();
  }
}

if (process.env[INSIDE] !== undefined) await takePictures();
else {
  const command = ['sh', '-c', OWN_NAMES, 'sh', process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)];
  const { status } = spawnSync('unshare', ['--mount', '--uts', ...command], { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  process.exitCode = status ?? 1;
}
