import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PATIENCE } from '../../../support/patience.js';
import { spawn } from '../../../support/programs.js';
import { until } from '../fleet-kit.js';

/** A program of this folder in another process, which prints `ready`. */
export class FaultyProcess {
  readonly child: ChildProcess;
  output = '';

  /** @param prefix - The command that starts it, such as `nsenter --net=PATH --`. */
  constructor(script: string, args: readonly string[], prefix: readonly string[] = []) {
    const command = [...prefix, process.execPath, '--import', 'tsx', join(import.meta.dirname, script), ...args];
    this.child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  async ready(): Promise<void> {
    await until(() => this.output.includes('ready'), 60_000 * PATIENCE);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
