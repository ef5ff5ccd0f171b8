import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCapture, type Capture } from '../../lib/testing/index.js';

/** The folder of the fixtures: `<family>/<origin>/<name>.hex`. */
export const FIXTURES: string = fileURLToPath(new URL('../fixtures/families/', import.meta.url));

/** The origin of a fixture's bytes: the kernel that sent them, or `built` from the kernel's headers, without the library's encoder. */
export const ORIGINS = ['7.3', '6.18', '6.12', 'built'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A recorded conversation with a kernel, and the output of another program for it. */
export interface Fixture {
  /** The name of the family's specification, e.g. `rt-link`. */
  readonly family: string;
  readonly origin: Origin;
  readonly name: string;
  readonly path: string;
}

/** Returns all fixtures, in the order of families, origins and names. */
export function listFixtures(folder: string = FIXTURES): Fixture[] {
  return readdirSync(folder)
    .sort()
    .flatMap((family) =>
      ORIGINS.flatMap((origin) =>
        entries(join(folder, family, origin))
          .filter((file) => file.endsWith('.hex'))
          .map((file) => ({ family, origin, name: file.slice(0, -4), path: join(folder, family, origin, file) })),
      ),
    );
}

/** Reads a fixture; throws if it lacks the command line or the expected value. */
export function readFixture({ path }: Fixture): Required<Pick<Capture, 'command' | 'expected'>> & Capture {
  const capture = readCapture(path);
  const { command, expected } = capture;
  if (command === undefined || expected === undefined) throw new Error(`${path} lacks its command line or what is expected`);
  return { ...capture, command, expected };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
