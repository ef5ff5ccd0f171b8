import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipBecause, useNamespace } from '../support/namespace.js';
import { expectBudget } from './expect-budget.js';
import { runSubject, subjectCommand } from './subject.js';
import { spawnSync } from '../support/programs.js';

const REQUESTS = 2000;
const ROUTES = 4000;

/** The system calls that send and read datagrams, and the mark. */
const TRACED = 'sendto,sendmsg,sendmmsg,recvfrom,recvmsg,recvmmsg,kill';

describe('the number of system calls', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const trace = join(tmpdir(), `rxnetlink-calls-${String(process.pid)}`);
  let calls: readonly number[] = [];
  let datagrams = 0;

  before(function () {
    const strace = ['strace', '-f', '--seccomp-bpf', '-o', trace, '-e', `trace=${TRACED}`];
    if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) skipBecause(this, 'strace is not installed, or may not trace');
    namespace().batch(
      Array.from({ length: ROUTES }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`),
    );
    const traced = [...strace, ...subjectCommand('calls', [], [String(REQUESTS)])] as const;
    const subject = runSubject<{ datagrams: number; routes: number }>(['nsenter', `--net=${namespace().path}`, '--', ...traced]);
    expect(subject.routes).to.be.at.least(ROUTES);
    ({ datagrams } = subject);
    calls = callsBetweenMarks(readFileSync(trace, 'utf8'));
  });
  after(() => rmSync(trace, { force: true }));

  it('is small for sequential requests', () => expectBudget('callsPerRequest', calls[1]! / REQUESTS));

  it('is small for a batch', () => expectBudget('callsPerBatched', calls[2]! / REQUESTS));

  it('is small for a dump', () => expectBudget('callsPerDatagram', calls[3]! / datagrams));
});

/** Counts the calls before the first mark, between the first and the second, and so on. */
function callsBetweenMarks(text: string): number[] {
  const counts = [0];
  for (const line of text.split('\n')) {
    // strace prints a call twice if a call of another thread interrupts it.
    if (/^\d+ +kill\(\d+, 0/.test(line)) counts.push(0);
    else if (/^\d+ +(?:send|recv)\w+\(/.test(line)) counts[counts.length - 1]!++;
  }
  return counts;
}
