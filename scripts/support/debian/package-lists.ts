import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { tryCommand } from '../command.js';

/** The distribution does not have the package, or the mirror does not answer: the caller skips. */
export class PackageUnavailableError extends Error {}

/** Options that make apt use certain package lists; `problem` is the reason if there are none. */
export interface PackageLists {
  readonly options: readonly string[];
  readonly problem?: string;
}

/** Returns options that make apt choose packages of another architecture, as on an empty machine. */
export function foreignOptions(architecture: string): string[] {
  const settings = [`APT::Architecture=${architecture}`, `APT::Architectures=${architecture}`, 'Dir::State::status=/dev/null'];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** Fetches the lists of one suite into a folder, and returns options that make apt use only these. */
export function suiteLists(folder: string, suite: string, given: readonly string[] = []): PackageLists {
  mkdirSync(folder, { recursive: true });
  const sources = join(folder, 'sources.list');
  writeFileSync(sources, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror()} ${suite} main\n`);
  return freshLists(folder, [...given, '-o', `Dir::Etc::SourceList=${sources}`, '-o', 'Dir::Etc::SourceParts=-']);
}

/** Fetches this machine's lists into a folder, and returns options that make apt use them. */
export function freshLists(folder: string, given: readonly string[] = []): PackageLists {
  const lists = join(folder, 'lists');
  const archives = join(folder, 'cache');
  for (const place of [join(lists, 'partial'), join(archives, 'archives/partial')]) mkdirSync(place, { recursive: true });
  const options = [...given, '-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'update']);
  return status === 0 ? { options } : { options, problem: `no package lists: ${stderr.trim()}` };
}

/** Returns the address of the mirror that this machine uses. */
function mirror(): string {
  const { stdout } = tryCommand('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const addresses = stdout.toString().split('\n');
  return addresses.find((address) => /^https?:.*\/debian\/?$/.test(address)) ?? 'http://deb.debian.org/debian';
}
