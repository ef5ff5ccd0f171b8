import type { RemotePolicy } from '../../fleet/index.js';
import { Policy } from '../../fleet/internal.js';
import { UsageError } from '../run/usage-error.js';
import { optionFile } from './connect/option-file.js';

/** Reads the policy of a host from a file with JSON, and checks its names. @throws UsageError */
export async function readPolicy(host: string, file: string): Promise<RemotePolicy> {
  const text = optionFile('--policy', file);
  try {
    const policy = JSON.parse(text) as RemotePolicy;
    await Policy.load(host, policy);
    return policy;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`--policy ${file}: the file is not valid JSON: ${error.message}`);
    if (error instanceof TypeError) throw new UsageError(`--policy ${file}: ${error.message.replace('serveRemote: ', '')}`);
    throw error;
  }
}
