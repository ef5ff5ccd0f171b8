import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import type { Capture } from '../../lib/testing/index.js';
import { LinkNames } from './compare/link-names.js';
import type { FamilyComparer, Scene } from './comparer.js';
import type { Fixture } from './fixture.js';
import { play, type OldQuestion } from './play.js';

/** RTM_GETLINK: libnl asks for the names of links so. */
const ALL_LINKS: OldQuestion = { type: 18, asked: { op: 'getlink', mode: 'dump', value: {} } };

/** A family's comparer; each family has a module of its own. */
export async function comparerOf({ family }: Fixture): Promise<FamilyComparer> {
  const { comparer } = (await import(`./compare/${family}.ts`)) as { comparer: FamilyComparer };
  return comparer;
}

/** Plays a fixture: what its tool says, and what the library reads. */
export async function sceneOf(fixture: Fixture, { schema }: FamilyComparer, capture: Capture, shown: unknown): Promise<Scene> {
  const links = (await play(rtLinkSchema, capture, ALL_LINKS)).flatMap(({ rows }) => rows);
  return { fixture, command: capture.command ?? '', shown, answers: await play(schema, capture), links: new LinkNames(links) };
}
