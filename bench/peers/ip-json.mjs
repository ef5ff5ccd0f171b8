// For each line on stdin, starts `ip -j route`, parses its JSON and prints `nanoseconds count`.
import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const { stdout } = await run('ip', ['-j', '-4', 'route', 'show', 'table', 'all'], { maxBuffer: 1 << 30 });
  const { length } = JSON.parse(stdout);
  console.log(`${process.hrtime.bigint() - began} ${length}`);
}
