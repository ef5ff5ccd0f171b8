// `npm run test:fleet`: faults of servers, agents and networks of a fleet, each then compared with `ip -j` in every namespace.
// `npm run test:fleet -- agent` runs one of the files. With RXNETLINK_LONG, there are more hosts, and the network is cut for 30 s.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { mochaCommand } from './mocha-command.mjs';

const folder = 'spec/kernel/fleet/faults';
const parts = readdirSync(join(root, folder)).flatMap((file) => /^(.+)-faults\.ts$/.exec(file)?.[1] ?? []);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.includes(name));
if (unknown.length > 0) {
  console.error(`rxnetlink: test:fleet: unknown part (${unknown.join(', ')}); expected ${parts.join(', ')}`);
  process.exit(2);
}
const files = (wanted.length > 0 ? wanted : parts).map((name) => `${folder}/${name}-faults.ts`);
// A spec that cuts the network adds a link beside that of the server: it is not the machine's namespace.
const asRoot = process.getuid() === 0 ? [] : ['--user', '--map-root-user'];
const inNamespace = ['unshare', ...asRoot, '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const [program, ...args] = [...inNamespace, ...mochaCommand(files)];
const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
