import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipBecause, useNamespace } from '../support/namespace.js';
import { hold } from './hold.js';
import { runSubject, subjectCommand } from './subject.js';
import { spawnSync } from '../support/programs.js';

const REQUESTS = 2000;
const ROUTES = 4000;

/** What sends and reads datagrams. */
const TRACED = 'sendto,sendmsg,sendmmsg,recvfrom,recvmsg,recvmmsg,kill';

describe('system calls', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const trace = join(tmpdir(), `rxnetlink-calls-${String(process.pid)}`);
  let calls: readonly number[] = [];
  let datagrams = 0;

  before(function () {
    const strace = ['strace', '-f', '--seccomp-bpf', '-o', trace, '-e', `trace=${TRACED}`];
    if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) skipBecause(this, 'strace is not there, or may not trace');
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

  it('are few for sequential requests', () => hold('callsPerRequest', calls[1]! / REQUESTS));

  it('are few for a batch', () => hold('callsPerBatched', calls[2]! / REQUESTS));

  it('are few for a dump', () => hold('callsPerDatagram', calls[3]! / datagrams));
});

/** How many calls were made before the first mark, between it and the second, and so on. */
function callsBetweenMarks(text: string): number[] {
  const counts = [0];
  for (const line of text.split('\n')) {
    // A call that another thread's interrupts in the trace is shown twice.
    if (/^\d+ +kill\(\d+, 0/.test(line)) counts.push(0);
    else if (/^\d+ +(?:send|recv)\w+\(/.test(line)) counts[counts.length - 1]!++;
  }
  return counts;
}
