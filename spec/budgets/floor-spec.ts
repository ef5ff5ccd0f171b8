import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { useNamespace } from '../support/namespace.js';
import { requirePrograms, run } from '../support/programs.js';
import { requireStrace, trace } from './strace.js';
import { subjectCommand } from './subject.js';
import { CALLS, flags, isRead, readOf, requests, setup, sizes, unique } from './wire-calls.js';

/** Fewer than the event loop reads in one turn without polling. */
const REQUESTS = 20;
const ROUTES = 300;

describe('the C program of the benchmark and the library', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  let folder: string | undefined;
  let dump: readonly string[] = [];
  let sequential: readonly string[] = [];
  let library: readonly (readonly string[])[] = [];
  let script: readonly string[] = [];
  let counts: { c: number; library: number };

  before(function () {
    requirePrograms('gcc', 'strace');
    requireStrace(this);
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-floor-'));
    const program = join(folder, 'floor');
    run('gcc', ['-o', program, 'bench/floor/floor.c']);
    namespace().batch(
      Array.from({ length: ROUTES }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`),
    );
    const traced = trace(namespace(), CALLS, [program, 'dump'], '\n');
    dump = traced.sections[0]!;
    sequential = trace(namespace(), CALLS, [program, 'sequential', String(REQUESTS)], '\n').sections[0]!;
    const own = trace(namespace(), CALLS, subjectCommand('calls', [], [String(REQUESTS)]));
    library = own.sections;
    script = trace(namespace(), CALLS, [process.execPath, '--import', 'tsx', 'bench/subjects/floors.ts', 'dump'], '\n').sections[0]!;
    counts = { c: Number(traced.output.split(' ')[1]), library: (JSON.parse(own.output) as { routes: number }).routes };
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('open the same socket with the same options', () => {
    expect(setup(library[0]!)).to.have.length.at.least(5).and.deep.equal(setup(dump));
  });

  it('open the same socket as the program in JavaScript, and receive into buffers of the same size', () => {
    expect(setup(script)).to.deep.equal(setup(dump));
    expect(sizes(script)).to.have.length(1).and.deep.equal(sizes(dump));
  });

  it('send the same requests one by one', () => {
    const sent = requests(library[1]!);
    expect(sent).to.have.length(REQUESTS);
    expect(sent).to.deep.equal(requests(sequential));
  });

  it('read each reply with its ack in one call of the same width', () => {
    const reads = library[1]!.filter(isRead).map(readOf);
    expect(reads).to.deep.equal(sequential.filter(isRead).map(readOf));
    expect(unique(reads.map(({ datagrams }) => datagrams))).to.deep.equal([2]);
    expect(sizes(library[1]!)).to.have.length(1).and.deep.equal(sizes(sequential));
  });

  it('send the same request of a dump, and receive the same routes', () => {
    expect(requests(library[3]!)).to.deep.equal(requests(dump));
    expect(counts.c).to.be.at.least(ROUTES).and.equal(counts.library);
  });

  it('read a dump with the same flags into buffers of the same size', () => {
    expect(flags(library[3]!)).to.have.length(1).and.deep.equal(flags(dump));
    expect(sizes(library[3]!)).to.have.length(1).and.deep.equal(sizes(dump));
  });
});
