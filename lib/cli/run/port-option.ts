import { UsageError } from './usage-error.js';

const HIGHEST_PORT = 65_535;

/** Reads the option `--port`: a number, 0 for a port that is free. @throws UsageError */
export function portOption(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > HIGHEST_PORT) throw new UsageError(`--port ${text}: expected a number from 0 to ${String(HIGHEST_PORT)}`);
  return port;
}
