import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { EncodeError } from '../../lib/index.js';
import { SpecError, loadFamily } from '../../lib/spec-loader/index.js';
import { fakeKernel, multipart } from '../../lib/testing/index.js';
import { AttributeEncoder, MessageFlags, encodeGenericPayload } from '../../lib/wire/index.js';
import { controller } from '../client/controller.js';

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

describe('loadFamily', () => {
  const kernel = () =>
    fakeKernel((request) => {
      if (request.type === 16) return controller(request, { greeter: { id: FAMILY, groups: { hall: 77 } } });
      if ((request.flags & MessageFlags.Dump) === 0)
        return { type: FAMILY, payload: greeting((with_) => with_.string(1, 'you').uint8(3, 1)) };
      return multipart(
        ['a', 'b'].map((who, index) => ({ type: FAMILY, payload: greeting((with_) => with_.string(1, who).uint16(2, index)) })),
      );
    });

  it('gives a client of a family that the package does not ship: do, dump, notifications', async () => {
    const transport = kernel();
    using client = loadFamily(SPEC)({ transport });
    expect(await lastValueFrom(client.do('greet', { who: 'me' }))).to.deep.equal({ who: 'you', mood: 'cheerful' });
    expect(await lastValueFrom(client.list('greet'))).to.deep.equal([
      { who: 'a', howOften: 0 },
      { who: 'b', howOften: 1 },
    ]);
    const heard: unknown[] = [];
    const listening = client.notifications('hall').subscribe(({ op, value }) => heard.push([op, value]));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const payload = encodeGenericPayload({ command: 2, version: 1 }, new AttributeEncoder().string(1, 'all').encode());
    expect(transport.notify(77, { type: FAMILY, payload })).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).to.deep.equal([['greeted', { who: 'all' }]]);
    listening.unsubscribe();
  });

  it('checks names when they are used, and says what was meant', async () => {
    using client = loadFamily(SPEC)({ transport: kernel() });
    expect(() => client.do('gret')).to.throw(TypeError, "greeter has no operation 'gret'");
    expect(() => client.notifications('hal')).to.throw(TypeError, "has no group 'hal'");
    const refused: unknown = await lastValueFrom(client.do('greet', { whoo: 'me' })).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(EncodeError);
    expect((refused as Error).message).to.include('who');
    const long: unknown = await lastValueFrom(client.do('greet', { who: 'x'.repeat(9) })).catch((error: unknown) => error);
    expect(long).to.be.instanceOf(EncodeError);
  });

  it('refuses what it does not understand, with the place', () => {
    expect(() => loadFamily(SPEC.replace('type: u16', 'type: u17'), { file: 'greeter.yaml' })).to.throw(
      SpecError,
      /greeter\.yaml: attribute-sets\[greeting\]\.attributes\[how-often\].*u17/,
    );
    expect(() => loadFamily('name: [')).to.throw(SpecError);
  });

  it('takes hostile names for names', async () => {
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
