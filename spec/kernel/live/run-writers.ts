import type { Namespace } from '../../support/namespace.js';
import { spawn } from '../../support/programs.js';
import { batchesOf } from './soak-writer.js';

/** Runs the writers as processes of their own, as fast as possible. Rejected commands are ignored. */
export async function runWriters(namespace: Namespace, lines: readonly string[]): Promise<void> {
  const runs = batchesOf(lines).map(async ({ options, batches }) => {
    for (const batch of batches) await runBatch(namespace, options, batch);
  });
  await Promise.all(runs);
}

function runBatch(namespace: Namespace, options: readonly string[], batch: string): Promise<void> {
  const args = [`--net=${namespace.path}`, '--', 'ip', ...options, '-force', '-batch', '-'];
  const writer = spawn('nsenter', args, { stdio: ['pipe', 'ignore', 'ignore'] });
  // It may end before it has read its whole input.
  writer.stdin.on('error', () => undefined);
  writer.stdin.end(batch);
  return new Promise((resolve, reject) => {
    writer.once('error', reject);
    writer.once('close', () => {
      resolve();
    });
  });
}
