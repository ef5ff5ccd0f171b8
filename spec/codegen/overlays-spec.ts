import { expect } from 'chai';
import { applyOverlay } from '../../lib/codegen/apply-overlay.js';
import type { OverlayEntry } from '../../lib/codegen/overlay.js';
import { overlays } from '../../lib/codegen/overlays/index.js';
import { parseSpec, readFamily } from '../../lib/codegen/read/read-family.js';
import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { loadSchema, sources } from './generated.js';
import { specification } from './specifications.js';

/** Returns the names by which the additions and changes of an entry are found in the descriptor. */
function namesOf(
  entry: OverlayEntry,
): [kind: 'definition' | 'member' | 'set' | 'attribute' | 'format' | 'message' | 'operation' | 'group', name: string, of?: string][] {
  if ('addDefinitions' in entry) return entry.addDefinitions.map(({ name }) => ['definition', name]);
  if ('addSets' in entry) return entry.addSets.map(({ name }) => ['set', name]);
  if ('addAttributes' in entry) return entry.addAttributes.map(({ name }) => ['attribute', name, entry.set]);
  if ('addSubMessages' in entry) return entry.addSubMessages.map(({ name }) => ['message', name]);
  if ('addFormats' in entry) return entry.addFormats.map(({ value }) => ['format', value, entry.subMessage]);
  if ('addOperations' in entry) return entry.addOperations.map(({ name }) => ['operation', name]);
  if ('addGroups' in entry) return entry.addGroups.map(({ name }) => ['group', name]);
  if ('changeDefinition' in entry) return [['definition', entry.changeDefinition]];
  if ('changeAttribute' in entry) return [['attribute', entry.changeAttribute, entry.set]];
  if ('changeMember' in entry) return [['member', entry.changeMember, entry.struct]];
  if ('changeFormat' in entry) return [['format', entry.changeFormat, entry.subMessage]];
  if ('changeOperation' in entry) return [['operation', entry.changeOperation]];
  return 'changeGroup' in entry ? [['group', entry.changeGroup]] : [];
}

function listOf(schema: FamilySchema, kind: string, of = ''): readonly string[] {
  const names = (items: readonly { readonly name: string }[] = []): string[] => items.map(({ name }) => name);
  if (kind === 'definition') return [...names(schema.enums), ...names(schema.structs)];
  if (kind === 'member') return names(schema.structs.find(({ name }) => name === of)?.members);
  if (kind === 'set') return names(schema.sets);
  if (kind === 'message') return names(schema.subMessages);
  if (kind === 'operation') return names(schema.operations);
  if (kind === 'group') return names(schema.groups);
  if (kind === 'attribute') return names(schema.sets.find(({ name }) => name === of)?.attributes);
  return schema.subMessages.find(({ name }) => name === of)?.formats.map(({ value }) => value) ?? [];
}

describe('codegen: overlays', () => {
  for (const { source, entries } of overlays) {
    it(`of ${source} take effect entry by entry, each with its header`, async () => {
      expect(sources).to.include(source);
      const schema = await loadSchema(source);
      for (const entry of entries) {
        expect(entry.header).to.match(/^linux\/[\w/]+\.h$/);
        for (const [kind, name, of] of namesOf(entry)) expect(listOf(schema, kind, of), `${kind} of ${of ?? source}`).to.include(name);
      }
    });
  }

  const spec = parseSpec(
    specification('attribute-sets: [{ name: top, attributes: [{ name: id, type: u32, byte-order: big-endian }] }]'),
    'sample.yaml',
  );

  function lay(entries: readonly OverlayEntry[], notes: string[] = []): FamilySchema {
    const mended = applyOverlay(spec, { source: 'sample', entries }, (note) => notes.push(note));
    return readFamily(mended, 'sample.yaml');
  }

  it('add and change entries in a copy of the specification', () => {
    const before = JSON.stringify(spec);
    const schema = lay([
      { header: 'linux/a.h', set: 'top', addAttributes: [{ name: 'more', type: 'u8' }] },
      { header: 'linux/a.h', set: 'top', changeAttribute: 'id', to: { type: 'u16', 'byte-order': null } },
      { header: 'linux/a.h', addGroups: [{ name: 'news' }] },
      { header: 'linux/a.h', addOperations: [{ name: 'get-ntf', notify: 'get', value: 9 }] },
    ]);
    expect(schema.sets[0]!.attributes).to.deep.equal([
      { name: 'id', property: 'id', id: 1, type: 'u16' },
      { name: 'more', property: 'more', id: 2, type: 'u8' },
    ]);
    expect(schema.groups).to.deep.equal([{ name: 'news' }]);
    expect(schema.operations[1]).to.include({ name: 'get-ntf', command: 9 });
    expect(JSON.stringify(spec)).to.equal(before);
  });

  it('skip with a note additions that exist and changes of entries that do not exist', () => {
    const notes: string[] = [];
    const schema = lay(
      [
        { header: 'linux/a.h', set: 'top', addAttributes: [{ name: 'id', type: 'u8' }] },
        { header: 'linux/a.h', set: 'gone', changeAttribute: 'id', to: { type: 'u8' } },
      ],
      notes,
    );
    expect(schema.sets[0]!.attributes[0]!.type).to.equal('u32');
    expect(notes).to.deep.equal(["sample: overlay: 'id' already exists: skipped", "sample: overlay: 'gone' does not exist: skipped"]);
  });

  it('report a change that changes nothing', () => {
    const notes: string[] = [];
    lay([{ header: 'linux/a.h', set: 'top', changeAttribute: 'id', to: { 'byte-order': 'big-endian' } }], notes);
    expect(notes).to.deep.equal(["sample: overlay: 'id' is already so: skipped"]);
  });

  const respelled = parseSpec(
    specification(`
definitions: [{ name: encap-type, type: enum, entries: [none] }, { name: flow-key, type: struct, members: [{ name: nd_target, type: u32 }] }]
attribute-sets: [{ name: top-set, attributes: [{ name: local-v4, type: u32 }, { name: type, type: u8 }, { name: labels mask, type: binary }] }]
operations: { list: [{ name: get-all, attribute-set: top-set, do: { request: {}, reply: {} } }] }`),
    'sample.yaml',
  );

  it('find entries and references whose names have other separators', () => {
    const notes: string[] = [];
    const entries: readonly OverlayEntry[] = [
      { header: 'linux/a.h', set: 'top_set', changeAttribute: 'local_v4', to: { 'byte-order': 'big-endian' } },
      { header: 'linux/a.h', set: 'top-set', changeAttribute: 'type', to: { enum: 'encap_type' } },
      { header: 'linux/a.h', set: 'top-set', changeAttribute: 'labels-mask', to: { struct: 'flow_key' } },
      { header: 'linux/a.h', struct: 'flow_key', changeMember: 'nd-target', to: { 'byte-order': 'big-endian' } },
      { header: 'linux/a.h', set: 'top_set', addAttributes: [{ name: 'labels_mask', type: 'u8' }] },
      { header: 'linux/a.h', addGroups: [{ name: 'news' }] },
      { header: 'linux/a.h', addOperations: [{ name: 'get-ntf', notify: 'get_all', value: 9 }] },
    ];
    const schema = readFamily(
      applyOverlay(respelled, { source: 'sample', entries }, (note) => notes.push(note)),
      'sample.yaml',
    );
    expect(schema.sets[0]!.attributes).to.deep.equal([
      { name: 'local-v4', property: 'localV4', id: 1, type: 'u32', byteOrder: 'big' },
      { name: 'type', property: 'type', id: 2, type: 'u8', enum: 'encap-type' },
      { name: 'labels mask', property: 'labelsMask', id: 3, type: 'binary', struct: 'flow-key' },
    ]);
    expect(schema.structs[0]!.members[0]).to.include({ property: 'ndTarget', byteOrder: 'big' });
    expect(schema.operations[1]).to.include({ name: 'get-ntf', notify: 'get-all' });
    expect(notes).to.deep.equal(["sample: overlay: 'labels_mask' already exists: skipped"]);
  });

  it('prefer the entry with the same spelling, and compare the values of formats exactly', () => {
    const spec = parseSpec(
      specification(`
attribute-sets: [{ name: top, attributes: [{ name: a-b, type: u32 }, { name: a_b, type: u32 }] }]
sub-messages: [{ name: data, formats: [{ value: a_b, attribute-set: top }] }]`),
      'sample.yaml',
    ) as { 'sub-messages': { formats: object[] }[]; 'attribute-sets': { attributes: object[] }[] };
    const entries: readonly OverlayEntry[] = [
      { header: 'linux/a.h', set: 'top', changeAttribute: 'a_b', to: { type: 'u8' } },
      { header: 'linux/a.h', subMessage: 'data', addFormats: [{ value: 'a-b', 'attribute-set': 'top' }] },
    ];
    const mended = applyOverlay(spec, { source: 'sample', entries }, () => undefined) as typeof spec;
    expect(mended['sub-messages'][0]!.formats).to.have.length(2);
    expect(mended['attribute-sets'][0]!.attributes).to.deep.equal([
      { name: 'a-b', type: 'u32' },
      { name: 'a_b', type: 'u8' },
    ]);
  });
});
