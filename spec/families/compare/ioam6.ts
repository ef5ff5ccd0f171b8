import { expect } from 'chai';
import type { Ioam6Family } from '../../../lib/families/ioam6.js';
import { ioam6Schema } from '../../../lib/families/generated/ioam6.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Namespace = Ioam6Family['dump']['dump-namespaces']['reply'];
type Schema = Ioam6Family['dump']['dump-schemas']['reply'];
type Trace = Ioam6Family['notifications']['trace'];

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** `ip` prints hexadecimal digits, the wide ones after 0x. */
const namespace: Fields<Namespace> = {
  namespace: ({ nsId }) => nsId,
  schema: ({ scId }) => scId,
  data: ({ nsData }) => nsData?.toString(16),
  wide: ({ nsDataWide }) => `0x${nsDataWide?.toString(16) ?? ''}`,
};

/** The keys of `trace.py`. */
const trace: Fields<Trace> = {
  namespace: ({ traceNamespace }) => traceNamespace,
  words: ({ traceNodelen }) => traceNodelen,
  type: ({ traceType }) => traceType,
  data: ({ traceData }) => hex(traceData),
};

/** Compares rows in their order; each property must be in both. */
function compareAll<Value extends object>(shown: readonly Shown[], values: readonly Value[], fields: Fields<Value>): void {
  expect(values.length).to.equal(shown.length);
  shown.forEach((row, index) => {
    compareFields(`row ${String(index)}`, row, values[index]!, fields);
    expect(Object.keys(values[index]!).length).to.equal(Object.keys(row).length);
  });
}

function rowsOf<Value>({ answers }: Scene): readonly Value[] {
  return answers.flatMap(({ rows }) => rows) as readonly Value[];
}

export const comparer: FamilyComparer = {
  schema: ioam6Schema,
  compare(scene) {
    const { command, shown, events } = scene;
    if (command.includes('trace.py')) compareAll([shown as Shown], events as readonly Trace[], trace);
    else if (command.includes('namespace')) compareAll(shown as readonly Shown[], rowsOf<Namespace>(scene), namespace);
    else expect(rowsOf<Schema>(scene).map(({ scId, nsId, scData }) => [scId, nsId ?? null, hex(scData)])).to.deep.equal(shown);
  },
};
