import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { isLong } from '../support/rounds.js';
import { consumerPrograms } from './consumer-programs.js';
import { Packed, root } from './packed.js';

const programs = await consumerPrograms();

/** The entry points of families are alike: `npm test` compiles programs for three of them, `npm run test:long` for all. */
const FAMILIES = ['rt-link', 'fou', 'wireguard'].map((name) => `rxnetlink/families/${name}`);
const compiled = Object.entries(programs).filter(([name]) => isLong || !name.startsWith('rxnetlink/families/') || FAMILIES.includes(name));

/** Misuse of internal constructors and members, and the errors of the compiler. */
const INTERNAL = `
  import { Message, NetlinkSocket, type AttributeReaderOptions } from 'rxnetlink';
  import { OperationCodec } from 'rxnetlink/schema';
  import { FakeFamily } from 'rxnetlink/testing';
  new NetlinkSocket();
  new Message();
  new OperationCodec();
  new FakeFamily();
  const { length, type, flags, sequence, portId, group, nsid, payload, bytes, origin, copy, toJSON } = {} as Message;
  const message: Message = { length, type, flags, sequence, portId, group, nsid, payload, bytes, origin, copy, toJSON };
  const start = message.start;
  const options: AttributeReaderOptions = { depth: 1 };
`;
const ERRORS = [2673, 2673, 2673, 2673, 2741, 2339, 2353];

describe('declarations', function () {
  this.timeout(600_000);
  let packed: Packed;
  let host: ts.CompilerHost;
  const checked = new Set<string>();

  before(() => {
    packed = new Packed();
    host = cachingHost(optionsFor(packed.consumer));
  });
  after(() => {
    packed.remove();
  });

  it('of programs are compiled for every entry point', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, object | string> };
    const names = Object.keys(exports).filter((subpath) => typeof exports[subpath] === 'object');
    expect(Object.keys(programs)).to.have.members(names.map((subpath) => join('rxnetlink', subpath)));
  });

  for (const [name, text] of compiled) {
    it(`of a program name every type when it imports ${name} only`, () => {
      const path = join(packed.consumer, `${name.replaceAll('/', '-')}.ts`);
      writeFileSync(path, text);
      const program = ts.createProgram([path], optionsFor(packed.consumer), host);
      // Another program may have checked a declaration file before; they are the same files.
      const ours = program
        .getSourceFiles()
        .filter(({ fileName }) => /\/node_modules\/rxnetlink\//.test(fileName) && !checked.has(fileName));
      for (const { fileName } of ours) checked.add(fileName);
      const own = program.getSourceFile(path)!;
      const diagnostics = [
        ...program.getOptionsDiagnostics(),
        ...program.getSyntacticDiagnostics(own),
        ...[own, ...ours].flatMap((file) => program.getSemanticDiagnostics(file)),
        ...program.getDeclarationDiagnostics(own),
      ];
      expect(diagnostics.map(textOf)).to.deep.equal([]);
      const specifiers = [...declarationsOf(program, own).matchAll(/(?:from |import\()["']([^"']+)["']/g)].map(
        ([, specifier]) => specifier!,
      );
      expect(specifiers).to.not.have.lengthOf(0);
      expect(specifiers.filter((specifier) => !/^(?:rxjs(?:\/.*)?|rxnetlink(?:\/(?!dist\/).*)?)$/.test(specifier))).to.deep.equal([]);
    });
  }

  it('of the package contain no internal names', () => {
    const folder = join(packed.consumer, 'node_modules/rxnetlink/dist');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
    expect(files).to.include('index.d.ts');
    expect(files.filter((name) => readFileSync(join(folder, name), 'utf8').includes('@internal'))).to.deep.equal([]);
  });

  it('of the package reject internal constructors and members, and objects that only look like a message', () => {
    const path = join(packed.consumer, 'internal.ts');
    writeFileSync(path, INTERNAL);
    const program = ts.createProgram([path], optionsFor(packed.consumer));
    const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(path));
    expect(
      diagnostics.map(({ code }) => code),
      diagnostics.map(textOf).join('\n'),
    ).to.deep.equal(ERRORS);
  });
});

function optionsFor(consumer: string): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    typeRoots: [join(consumer, 'node_modules/@types')],
    types: ['node'],
    strict: true,
    declaration: true,
    skipLibCheck: false,
  };
}

/** Returns a host that parses each declaration file once for all programs. */
function cachingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const files = new Map<string, ts.SourceFile | undefined>();
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    if (!name.endsWith('.d.ts')) return read(name, languageVersion, ...rest);
    if (!files.has(name)) files.set(name, read(name, languageVersion, ...rest));
    return files.get(name);
  };
  return host;
}

function textOf({ code, file, start, messageText }: ts.Diagnostic): string {
  const line = file === undefined || start === undefined ? '' : `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: `;
  return `${line}TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

function declarationsOf(program: ts.Program, file: ts.SourceFile): string {
  let declarations = '';
  program.emit(
    file,
    (name, text) => {
      if (name.endsWith('.d.ts')) declarations = text;
    },
    undefined,
    true,
  );
  return declarations;
}
