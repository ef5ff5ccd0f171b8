import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { schemaOfSpecification } from '../../../lib/codegen/generate.js';
import { parseSpec, readFamily } from '../../../lib/codegen/read/read-family.js';
import { exceptionFor } from '../../../scripts/check-specs/exceptions/exception.js';
import { skipBecause } from '../../support/namespace.js';
import { CHANGES, type Change } from './changes-since-6.18.js';
import { describedNames } from './described-names.js';
import { loadSchema } from '../generated.js';

const NEWER = process.env['RXNETLINK_SPECS'] ?? '';
const OLDER = process.env['RXNETLINK_OLDER_SPECS'] ?? '';

type Names = ReadonlyMap<string, string>;

function listFiles(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.yaml'));
}

/** Returns the names of a specification without its overlay. */
function rawNames(folder: string, file: string): Names {
  const spec = parseSpec(readFileSync(join(folder, file), 'utf8'), file) as {
    'mcast-groups'?: { list: { name: string; value?: number }[] };
  };
  // The number of nftables' group is missing in both sets, and required.
  if (file === 'nftables.yaml') spec['mcast-groups']!.list[0]!.value ??= 7;
  return describedNames(readFamily(spec, file));
}

/** Returns the names of the older set that are missing in the newer one or differ there: `attribute set/name: old text, new text`. */
function changedNames(older: Names, newer: Names): Map<string, string> {
  const changed = [...older].filter(([name, text]) => newer.get(name) !== text);
  return new Map(changed.map(([name, text]) => [name, `${text}; now ${newer.get(name) ?? 'missing'}`]));
}

describe('codegen: the older specifications', () => {
  before(function () {
    if (NEWER === '' || OLDER === '') skipBecause(this, 'RXNETLINK_SPECS and RXNETLINK_OLDER_SPECS do not name two sets of specifications');
  });

  it('have no name or type that changed without an entry, and no entry is obsolete', () => {
    const used = new Set<Change>();
    const unlisted: string[] = [];
    for (const file of listFiles(OLDER)) {
      const family = file.replace(/\.yaml$/, '');
      for (const [name, text] of changedNames(rawNames(OLDER, file), rawNames(NEWER, file))) {
        const change = exceptionFor(CHANGES, family, name);
        if (change === undefined) unlisted.push(`${family}: ${name}: ${text}`);
        else used.add(change);
      }
    }
    expect(unlisted).to.deep.equal([]);
    expect(CHANGES.filter((change) => !used.has(change)).map(({ family, subject }) => `${family}: ${subject}`)).to.deep.equal([]);
  });

  it('agree with the generated modules in what overlays keep, and nowhere else', async () => {
    const kept: string[] = [];
    for (const file of listFiles(OLDER)) {
      const family = file.replace(/\.yaml$/, '');
      const [older, generated] = [rawNames(OLDER, file), describedNames(await loadSchema(family))];
      for (const name of changedNames(older, rawNames(NEWER, file)).keys()) {
        const same = generated.get(name) === older.get(name);
        if (same !== (exceptionFor(CHANGES, family, name)?.kept ?? false))
          kept.push(`${family}: ${name}: ${generated.get(name) ?? 'missing'}`);
      }
    }
    expect(kept).to.deep.equal([]);
  });

  it('are corrected by the overlays although some names have other separators', () => {
    const [older, newer] = [OLDER, NEWER].map((folder) => {
      const notes: string[] = [];
      const schema = schemaOfSpecification(readFileSync(join(folder, 'fou.yaml'), 'utf8'), 'fou.yaml', (note) => notes.push(note));
      expect(notes.filter((note) => note.includes('does not exist'))).to.deep.equal([]);
      return describedNames(schema);
    });
    for (const name of ['localV4', 'peerV4', 'type'])
      expect(older!.get(`attribute fou/${name}`)).to.equal(newer!.get(`attribute fou/${name}`));
    expect(newer!.get('attribute fou/localV4')).to.equal('number 6, u32 big ipv4');
  });
});
