import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import type { Capture } from '../../lib/testing/index.js';
import { LinkNames } from './compare/link-names.js';
import type { FamilyComparer, Scene } from './comparer.js';
import type { Fixture } from './fixture.js';
import { decodedEvents, eventMessages, play, type OldRequest } from './play.js';

/** RTM_GETLINK with the old header, by which libnl requests the names of links. */
const ALL_LINKS: OldRequest = { type: 18, asked: { op: 'getlink', mode: 'dump', value: {} } };

/** Loads the comparer of a family from its module. */
export async function comparerOf({ family }: Fixture): Promise<FamilyComparer> {
  const { comparer } = (await import(`./compare/${family}.ts`)) as { comparer: FamilyComparer };
  return comparer;
}

/** Plays a fixture; returns the output of its tool and the decoded values. */
export async function sceneOf(fixture: Fixture, { schema, old }: FamilyComparer, capture: Capture, shown: unknown): Promise<Scene> {
  const links = (await play(rtLinkSchema, capture, ALL_LINKS)).flatMap(({ rows }) => rows);
  return {
    fixture,
    command: capture.command ?? '',
    shown,
    answers: await play(schema, capture, old),
    events: decodedEvents(schema, capture),
    eventNames: eventMessages(schema, capture).map(({ op }) => op),
    links: new LinkNames(links),
  };
}
