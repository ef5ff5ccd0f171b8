import { join, resolve } from 'node:path';
import { spawnSync } from '../support/programs.js';
import { expectBudget } from './expect-budget.js';

const main = join(resolve(import.meta.dirname, '../..'), 'dist/cli/main.js');
const ROUNDS = 7;

/** Returns the seconds of CPU time of a process, as the shell measures it. */
function cpuTime(...args: readonly string[]): number {
  const script = `TIMEFORMAT='%U %S'; time "$@" > /dev/null`;
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [user, system] = stderr.toString().trim().split('\n').at(-1)!.split(' ').map(Number);
  return user! + system!;
}

describe('the start of the command', function () {
  this.timeout(60_000);

  it('takes little more CPU time than node -e 0', () => {
    const calls = { node: ['-e', '0'], version: [main, '--version'], links: [main, 'links'] } as const;
    const least = { node: Infinity, version: Infinity, links: Infinity };
    for (let round = 0; round < ROUNDS; round++)
      for (const name of ['node', 'version', 'links'] as const) least[name] = Math.min(least[name], cpuTime(...calls[name]));
    expectBudget('commandVersion', least.version / least.node);
    expectBudget('commandLinks', least.links / least.node);
  });
});
