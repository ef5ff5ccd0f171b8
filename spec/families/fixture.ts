import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCapture, type Capture } from '../../lib/testing/index.js';

/** Where fixtures lie: `<family>/<where from>/<name>.hex`. */
export const FIXTURES: string = fileURLToPath(new URL('../fixtures/families/', import.meta.url));

/** Where a fixture's bytes come from: the kernel that sent them, or `built` from the specification by other means than our encoder. */
export const ORIGINS = ['7.3', '6.18', '6.12', 'built'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A conversation with a kernel, and what another program makes of it. */
export interface Fixture {
  /** The family's specification, e.g. `rt-link`. */
  readonly family: string;
  readonly origin: Origin;
  readonly name: string;
  readonly path: string;
}

/** All fixtures, in the order of families, origins and names. */
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

/** A fixture as it stands in its file; one without an expected value is broken. */
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
