import { expect } from 'chai';
import { checkDocument, checkSource, type Finding } from '../../scripts/language/check.mjs';

const messages = (findings: readonly Finding[]): string[] => findings.map(({ line, message }) => `${String(line)}: ${message}`);

describe('the language check', () => {
  it('finds a term in a document, with its line and the alternative', async () => {
    const findings = await checkDocument('page.md', '# Title\n\nAn event that nobody reads.\n');
    expect(messages(findings)).to.deep.equal(['3: "nobody": write the actor: the kernel, the caller, the subscriber, the socket']);
  });

  it('ignores code in a document', async () => {
    const findings = await checkDocument('page.md', 'Run `says nobody`:\n\n```sh\necho says nobody\n```\n');
    expect(findings).to.deep.equal([]);
  });

  it('finds a term in a comment of TypeScript', () => {
    const findings = checkSource('a.ts', 'const a = 1;\n// The kernel says no.\n');
    expect(messages(findings)).to.deep.equal(['2: comment: "says": write report, state, contain']);
  });

  it('finds a doc comment that begins with a question word', () => {
    const findings = checkSource('a.ts', '/** What a socket does. */\nexport const a = 1;\n');
    expect(messages(findings)).to.deep.equal(['1: doc comment: begins with "What": begin with a verb, or with "A" or "The" and a noun']);
  });

  it('finds a term in the text of an error', () => {
    const findings = checkSource('a.ts', 'throw new Error(`${name} is no uint8: ${length} bytes`);\n');
    expect(messages(findings)).to.deep.equal(['1: text: "is no": write is not a']);
  });

  it('finds a term in the title of a spec', () => {
    const findings = checkSource('a-spec.ts', "it('completes without a word', () => {});\n");
    expect(messages(findings)).to.deep.equal(['1: text: "without a word": write silently']);
  });

  it('finds a metaphor in an identifier, and in the name of a file', () => {
    const findings = checkSource('socket-life.ts', 'export class SocketHeritage {}\n');
    expect(messages(findings)).to.deep.equal([
      '1: "socket-life.ts": write a name without \'life\': lifecycle',
      '1: name: "SocketHeritage": write a name without \'heritage\': context, parent',
    ]);
  });

  it('finds a term in a comment and in a text of C++', () => {
    const findings = checkSource('a.cpp', '/* It tells the loop. */\nauto text = "somebody else";\n');
    expect(messages(findings)).to.deep.equal([
      '1: comment: "tells": write emit, notify, report',
      '2: text: "somebody": write the actor: the kernel, the caller, the subscriber, the socket',
    ]);
  });

  it('finds a term in a comment of a shell script', () => {
    const findings = checkSource('run', '#!/bin/sh\n# What fails is said twice.\n');
    expect(messages(findings)).to.deep.equal(['2: comment: "is said": write fails with, receives, is notified']);
  });

  it('accepts plain sentences, and words that only contain a term', () => {
    const source =
      '/** Returns the lifetime. There is no limit, and it is no longer open. */\nexport const lifetime = 1; // essays, foretold\n';
    expect(checkSource('lifetime.ts', source)).to.deep.equal([]);
  });
});
