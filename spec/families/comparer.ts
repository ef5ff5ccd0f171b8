import type { FamilySchema } from '../../lib/schema/index.js';
import type { LinkNames } from './compare/link-names.js';
import type { Fixture } from './fixture.js';
import type { Answer } from './play.js';

/** What there is to compare: what a tool says, and what the library reads from the same bytes. */
export interface Scene {
  readonly fixture: Fixture;
  /** The tool's command line. */
  readonly command: string;
  /** What the tool says, as JSON. */
  readonly shown: unknown;
  /** What was asked of the family, in order, and what came. */
  readonly answers: readonly Answer[];
  /** Names of the interfaces that the capture tells of. */
  readonly links: LinkNames;
}

/** Compares a family with independent tools; the module `compare/<family>.ts` exports one as `comparer`. */
export interface FamilyComparer {
  readonly schema: FamilySchema;
  /** Throws where something differs, and where the tool says something that nothing is compared with. */
  readonly compare: (scene: Scene) => void;
}
