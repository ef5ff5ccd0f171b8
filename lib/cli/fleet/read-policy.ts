import { readFileSync } from 'node:fs';
import type { RemotePolicy } from '../../fleet/index.js';
import { UsageError } from '../run/usage-error.js';

/** Reads the policy of a host from a file with JSON. `serveRemote` checks its contents. @throws UsageError */
export function readPolicy(file: string): RemotePolicy {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RemotePolicy;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`--policy ${file}: the file is not valid JSON: ${error.message}`);
    throw error;
  }
}
