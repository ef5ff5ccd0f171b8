import { expect } from 'chai';
import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { EncodeError } from '../../lib/index.js';
import { SpecError, loadFamily } from '../../lib/spec-loader/index.js';
import { fakeKernel, multipart } from '../../lib/testing/index.js';
import { AttributeEncoder, MessageFlags, encodeGenericPayload } from '../../lib/wire/index.js';
import { controller } from '../client/controller.js';
import { check, codePoint } from '../support/fuzz.js';

const SPEC = `
name: greeter
protocol: genetlink
definitions:
  - name: mood
    type: enum
    entries: [calm, cheerful]
attribute-sets:
  - name: greeting
    attributes:
      - { name: who, type: string, checks: { max-len: 8 } }
      - { name: how-often, type: u16 }
      - { name: mood, type: u8, enum: mood }
operations:
  list:
    - name: greet
      value: 1
      attribute-set: greeting
      do: { request: { attributes: [who] }, reply: { attributes: [who, mood] } }
      dump: { reply: { attributes: [who, how-often] } }
    - { name: greeted, value: 2, attribute-set: greeting, event: { attributes: [who] }, mcgrp: hall }
mcast-groups:
  list:
    - name: hall
`;

const FAMILY = 41;
const greeting = (fill: (attributes: AttributeEncoder) => AttributeEncoder) =>
  encodeGenericPayload({ command: 1, version: 1 }, fill(new AttributeEncoder()).encode());

/** A text of nested aliases: 9 ** 6 values in 400 bytes. */
function aliasBomb(): string {
  const lines = ['a0: &a0 x'];
  for (let level = 1; level < 7; level++) lines.push(`a${level}: &a${level} [${new Array(9).fill(`*a${level - 1}`).join(', ')}]`);
  return lines.join('\n');
}

describe('loadFamily', () => {
  const kernel = () =>
    fakeKernel((request) => {
      if (request.type === 16) return controller(request, { greeter: { id: FAMILY, groups: { hall: 77 } } });
      if ((request.flags & MessageFlags.Dump) === 0)
        return { type: FAMILY, payload: greeting((with_) => with_.string(1, 'you').uint8(3, 1)) };
      return multipart(
        ['a', 'b'].map((name, index) => ({ type: FAMILY, payload: greeting((with_) => with_.string(1, name).uint16(2, index)) })),
      );
    });

  it('creates a client of a family that the package does not ship: do, dump, notifications', async () => {
    const transport = kernel();
    using client = loadFamily(SPEC)({ transport });
    expect(await lastValueFrom(client.do('greet', { who: 'me' }))).to.deep.equal({ who: 'you', mood: 'cheerful' });
    expect(await lastValueFrom(client.list('greet'))).to.deep.equal([
      { who: 'a', howOften: 0 },
      { who: 'b', howOften: 1 },
    ]);
    const received: unknown[] = [];
    const listening = client.notifications('hall').subscribe(({ op, value }) => received.push([op, value]));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const payload = encodeGenericPayload({ command: 2, version: 1 }, new AttributeEncoder().string(1, 'all').encode());
    expect(transport.notify(77, { type: FAMILY, payload })).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(received).to.deep.equal([['greeted', { who: 'all' }]]);
    listening.unsubscribe();
  });

  it('checks names when they are used, and suggests the similar one', async () => {
    using client = loadFamily(SPEC)({ transport: kernel() });
    expect(() => client.do('gret')).to.throw(TypeError, "greeter has no operation 'gret'");
    expect(() => client.notifications('hal')).to.throw(TypeError, "unknown group 'hal'");
    const refused: unknown = await lastValueFrom(client.do('greet', { whoo: 'me' })).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(EncodeError);
    expect((refused as Error).message).to.include('who');
    const long: unknown = await lastValueFrom(client.do('greet', { who: 'x'.repeat(9) })).catch((error: unknown) => error);
    expect(long).to.be.instanceOf(EncodeError);
  });

  it('rejects an unsupported specification with the place', () => {
    expect(() => loadFamily(SPEC.replace('type: u16', 'type: u17'), { file: 'greeter.yaml' })).to.throw(
      SpecError,
      /greeter\.yaml: attribute-sets\[greeting\]\.attributes\[how-often\].*u17/,
    );
    expect(() => loadFamily('name: [')).to.throw(SpecError);
  });

  const yamlFaults: Readonly<Record<string, readonly [string, RegExp]>> = {
    'an alias without its anchor': [`${SPEC}doc: *nowhere\n`, /greeter\.yaml: Unresolved alias.*nowhere/],
    'an alias bomb': [aliasBomb(), /greeter\.yaml: Excessive alias count/],
    'lists nested too deep': [`name: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /greeter\.yaml: /],
  };
  for (const [name, [text, message]] of Object.entries(yamlFaults)) {
    it(`throws a SpecError for ${name}`, () => {
      expect(() => loadFamily(text, { file: 'greeter.yaml' })).to.throw(SpecError, message);
    });
  }

  it('throws only SpecError for a damaged text', () => {
    const words = SPEC.split(/(?<=[\s,:{}[\]])|(?=[\s,:{}[\]])/);
    const places = [...words.keys()].filter((at) => /\w/.test(words[at]!));
    const put = [
      '*a',
      '&a',
      '&a x',
      '<<',
      '[',
      ']',
      '{',
      '}',
      ':',
      '-',
      '!!binary',
      '"',
      '|',
      '?',
      '\t',
      '\n',
      '\0',
      '__proto__',
      '1e99',
      '',
    ];
    const damages = fc.array(
      fc.tuple(fc.constantFrom(...places), fc.oneof(fc.constantFrom(...put), fc.constantFrom(...words), fc.string({ unit: codePoint }))),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    check(
      fc.property(damages, (list) => {
        const damaged = [...words];
        for (const [at, word] of list) damaged[at] = word;
        const text = damaged.join('');
        try {
          loadFamily(text);
        } catch (error) {
          expect(error, text).to.be.instanceOf(SpecError);
        }
      }),
    );
  }).timeout(600_000);

  it('throws a TypeError for what is not a text', () => {
    expect(() => loadFamily(undefined as unknown as string)).to.throw(TypeError, 'loadFamily: text must be a string');
  });

  it('handles hostile names as plain names', async () => {
    const hostile = '"]; throw new Error("ran"); //';
    const text = SPEC.replaceAll('name: how-often', `name: ${JSON.stringify(hostile)}`).replaceAll('who, how-often', 'who');
    using client = loadFamily(text)({ transport: kernel() });
    const rows = await lastValueFrom(client.list('greet'));
    expect(rows.map((row) => Object.values(row))).to.deep.equal([
      ['a', 0],
      ['b', 1],
    ]);
  });
});
