import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { peers } from '../peers/list.js';
import type { Peer } from '../peers/peer.js';
import { command } from './place.js';

/** Describes the load of the last minute; at the end of a run the benchmark is part of it. */
export function describeLoad(): string {
  return `${loadavg()[0]!.toFixed(1)} processes`;
}

/** Describes the machine and the versions of the programs. */
export function describeMachine(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus()[0]!.model}, ${cpus().length} cores, ${arch()}`,
    load: `${describeLoad()} beside it when it began`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    // The suffix of a distribution is omitted.
    kernel: `Linux ${release().split('-')[0]!}`,
    node: process.version,
    rxnetlink: version,
    compiler: command('gcc', '--version').split('\n')[0]!,
    ...Object.fromEntries(peers.flatMap(versionLine)),
  };
}

function versionLine({ name, env, version }: Peer): [string, string][] {
  // A peer that is measured with other settings also is listed once.
  if (env !== undefined) return [];
  try {
    return [[name, version()]];
  } catch {
    return [[name, 'not there']];
  }
}
