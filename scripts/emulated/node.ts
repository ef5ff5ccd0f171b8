import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryCommand } from '../support/command.js';
import type { Architecture } from './architecture.js';

/** The registry has no Node for the architecture, or cannot be reached: the caller skips. */
export class NodeUnavailableError extends Error {}

/** Returns the path of a Node of the architecture; installs it from npm into a folder when it is not there. */
export function nodeFor({ node, arch }: Architecture, folder: string): string {
  const [name = node] = node.split('@');
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // The package is for another machine: npm refuses it without --force.
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
  const { status, stderr } = tryCommand('npm', ['install', '--prefix', folder, ...options, node]);
  if (status === 0 && existsSync(program)) return program;
  throw new NodeUnavailableError(`npm cannot install ${node} for ${arch}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}
