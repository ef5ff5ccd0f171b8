import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PATIENCE } from '../../../support/patience.js';
import { spawn } from '../../../support/programs.js';
import { BEAT, until } from '../fleet-kit.js';
import type { Hosts } from './hosts.js';

/** A process with the agents of all hosts. */
export class AgentProcess {
  readonly child: ChildProcess;
  output = '';

  /** @param prefix - The command that starts it, such as `nsenter --net=PATH --`. */
  constructor(url: string, hosts: Hosts, prefix: readonly string[] = []) {
    const script = join(import.meta.dirname, 'agent-process.ts');
    const command = [...prefix, process.execPath, '--import', 'tsx', script, url, String(BEAT), ...hosts.pairs];
    this.child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  /** Waits until the tables of all hosts are stored. */
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
