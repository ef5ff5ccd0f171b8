// `ip-batch.mjs writes N`: for each line on stdin, adds N / 2 routes with `ip -batch`, deletes them with another, and prints
// `nanoseconds N`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const count = Number(process.argv[3]);
const folder = mkdtempSync(join(tmpdir(), `rxnl-bench-${process.pid}-`));
const files = ['add', 'del'].map((verb) => {
  const file = join(folder, verb);
  const lines = Array.from({ length: count / 2 }, (_, index) => {
    return `route ${verb} 11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 dev bench0\n`;
  });
  writeFileSync(file, lines.join(''));
  return file;
});
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  for (const file of files) execFileSync('ip', ['-batch', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  console.log(`${process.hrtime.bigint() - began} ${count}`);
}
