// `node --import tsx scripts/command/page-pictures.ts`: serves the page of examples/dashboard-page for a small network, and writes the pictures
// examples/dashboard-page/page-light.png and page-dark.png. Needs root, and the programs chromium, ip, python3 and unshare.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = resolve(import.meta.dirname, '../../examples/dashboard-page');

/** Set in the process that has a network of its own. */
const INSIDE = 'RXNETLINK_PICTURES_INSIDE';
const PORT = 8080;

/** A router with an uplink, and a bridge with two ports. The addresses are those for documentation. */
const NETWORK = [
  'echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode; ip link set lo up',
  'ip link add wan0 type veth peer name isp0',
  'ip link add lan0 type bridge',
  ...[1, 2].flatMap((port) => [`ip link add port${port} type veth peer name host${port}`, `ip link set port${port} master lan0 up`]),
  'ip link set wan0 up; ip link set lan0 up; ip link set isp0 up; ip link set host1 up',
  'ip address add 198.51.100.2/24 dev wan0; ip address add 192.0.2.1/24 dev lan0; ip address add 2001:db8::1/64 dev lan0 nodad',
];

/** Sends datagrams out of two links until it is killed. */
const TRAFFIC = `
import socket, time
def sender(link):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    end.bind((link, 0))
    return end
ends = [(sender('isp0'), 40), (sender('host1'), 12), (sender('wan0'), 5)]
frame = bytes.fromhex('ffffffffffff020000000001ffff') + bytes(1200)
while True:
    for end, count in ends:
        for _ in range(count): end.send(frame)
    time.sleep(0.05)
`;

async function takePictures(): Promise<void> {
  for (const line of NETWORK) execFileSync('sh', ['-c', line]);
  const traffic = spawn('python3', ['-c', TRAFFIC], { stdio: 'ignore' });
  const server = spawn(process.execPath, ['--import', 'tsx', `${folder}/dashboard-page.ts`, String(PORT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((printed) => server.stdout.once('data', printed));
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 880, height: 440 } });
      await page.goto(`http://127.0.0.1:${PORT}/`);
      await page.locator('td.number', { hasText: 'kB/s' }).first().waitFor();
      await page.screenshot({ path: `${folder}/page-${colorScheme}.png` });
    }
    await browser.close();
  } finally {
    traffic.kill();
    server.kill();
  }
}

if (process.env[INSIDE] === undefined) {
  const words = ['--net', process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url)];
  process.exitCode = spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } }).status ?? 1;
} else {
  await takePictures();
}
