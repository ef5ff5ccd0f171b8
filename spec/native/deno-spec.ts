import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { spawnSync } from '../support/programs.js';
import { skipBecause } from '../support/unavailable.js';

/** The path of the program of Deno. */
const DENO = process.env['RXNETLINK_DENO'] ?? '';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the names of the links of this machine from sysfs, without netlink. */
function linkNames(): string[] {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2);
  return lines.flatMap((line) => /^\s*([^:]+):/.exec(line)?.[1] ?? []).sort();
}

function deno(program: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const flags = ['run', '--quiet', '--no-lock', '--node-modules-dir=manual', '--allow-all', '--ext=js', '-'];
  const { status, stdout, stderr } = spawnSync(DENO, flags, {
    cwd: root,
    encoding: 'utf8',
    input: program,
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe('Deno', () => {
  before(function () {
    // Debian has no package of Deno, so the gate does not install it.
    if (DENO === '') skipBecause(this, 'RXNETLINK_DENO does not name the program of Deno');
  });

  it('dumps links with the addon, and ends with status 0', () => {
    const { status, stdout, stderr } = deno(`
      import { lastValueFrom } from 'rxjs';
      import { rtLink } from 'rxnetlink/families/rt-link';
      const rows = await lastValueFrom(rtLink().list('getlink'));
      console.log(JSON.stringify(rows.map(({ ifname }) => ifname).sort()));
      await new Promise((resolve) => setTimeout(resolve, 100));
    `);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal(linkNames());
  }).timeout(90_000);

  it('ends with status 0 after a subscription to events', () => {
    const { status, stdout, stderr } = deno(`
      import { netlink } from 'rxnetlink';
      const socket = netlink(0);
      const events = socket.multicast(1).subscribe();
      console.log(socket.isOpen);
      setTimeout(() => events.unsubscribe(), 100);
    `);
    expect({ status, stdout, stderr }).to.deep.equal({ status: 0, stdout: 'true\n', stderr: '' });
  }).timeout(90_000);
});
