import { expect } from 'chai';
import { JobQueue } from '../../scripts/gate/run-jobs.mjs';

const node = (program: string): readonly string[] => [process.execPath, '--eval', program];

describe('JobQueue', () => {
  it('returns the output of a command, and no fault if it succeeded', async () => {
    const result = await new JobQueue(1).run(node('console.log("out"); console.error("err")'), process.env, () => undefined);
    expect(result).to.deep.equal({ fault: undefined, output: 'out\nerr\n' });
  });

  it('returns the fault that the check finds after a success, and starts no further job', async () => {
    const queue = new JobQueue(1);
    const ended = await queue.run(node('process.exit(0)'), process.env, () => 'ended without a report');
    expect(ended?.fault).to.equal('ended without a report');
    expect(await queue.run(node(''), process.env, () => undefined)).to.equal(undefined);
  });

  it('does not wait for a program that holds the output open', async () => {
    const began = performance.now();
    const leave = `require('node:child_process').spawn('sleep', ['20'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }).unref()`;
    const result = await new JobQueue(1).run(node(leave), process.env, () => undefined);
    expect(result?.fault).to.equal(undefined);
    expect(performance.now() - began).to.be.lessThan(15_000);
  });
});
