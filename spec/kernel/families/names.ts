import { lastValueFrom } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import type { Namespace } from '../../support/namespace.js';
import { LinkNames } from '../../families/compare/link-names.js';

/** Reads the interfaces of a namespace, to look them up by index or name. */
export async function linkNames(namespace: Namespace): Promise<LinkNames> {
  using client = rtLink({ netns: namespace.path });
  return new LinkNames(await lastValueFrom(client.list('getlink')));
}

/** Runs a tool in a namespace and parses its JSON output. */
export function json<Row = Record<string, unknown>>(namespace: Namespace, line: string): Row[] {
  const [command, ...args] = line.split(' ');
  return JSON.parse(namespace.run(command!, ...args)) as Row[];
}
