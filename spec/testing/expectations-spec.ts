import { expect } from 'chai';
import { UnexpectedRequestError, errorReply, fakeKernel, multipart, type Expectation } from '../../lib/testing/index.js';
import { MessageFlags, MessageType, type MessageInit } from '../../lib/wire/index.js';
import { drive } from './support.js';

const REQUEST = MessageFlags.Request | MessageFlags.Ack;
const DUMP = REQUEST | MessageFlags.Dump;

function failure(action: () => void): UnexpectedRequestError {
  try {
    action();
  } catch (error) {
    if (error instanceof UnexpectedRequestError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function failureOf(table: Expectation[], ...requests: MessageInit[]): UnexpectedRequestError {
  const { send } = drive(fakeKernel(table));
  return failure(() => {
    for (const request of requests) send(request);
  });
}

describe('fakeKernel() with a table of expectations', () => {
  it('replies to expected requests in order', () => {
    const kernel = fakeKernel([
      { type: 18, flags: MessageFlags.Dump, replies: multipart([{ type: 16 }]) },
      { type: 16, replies: errorReply('EEXIST') },
      { type: 17, handle: (request) => ({ type: 99, payload: request.payload }) },
      { type: 19, payload: Uint8Array.of(1) },
    ]);
    const { exchange } = drive(kernel);
    const types = (init: MessageInit): number[] => exchange(4, init)!.datagrams.flatMap(({ messages }) => messages.map(({ type }) => type));
    expect(types({ type: 18, flags: DUMP })).to.deep.equal([16, MessageType.Done]);
    expect(types({ type: 16, flags: REQUEST | MessageFlags.Create })).to.deep.equal([MessageType.Error]);
    expect(types({ type: 17, flags: REQUEST, payload: Uint8Array.of(5) })).to.deep.equal([99, MessageType.Error]);
    expect(types({ type: 19, flags: REQUEST, payload: Uint8Array.of(1) })).to.deep.equal([MessageType.Error]);
    kernel.verify();
  });

  it('prints the difference of type and flags', () => {
    const error = failureOf([{ type: 18, flags: MessageFlags.Dump }], { type: 20, flags: REQUEST });
    expect(error.message).to.equal(
      [
        'request 1 is not the expected one',
        '  - type 18',
        '  + type 20',
        '  - flags 0x300',
        '  + flags 0',
        '  - payload any',
        '  + payload',
      ].join('\n'),
    );
    expect(error.showDiff).to.equal(true);
    expect(error.expected).to.contain('type 18');
    expect(error.actual).to.contain('type 20');
  });

  it('prints payloads with four bytes in each row', () => {
    const expected = { type: 18, flags: 0, payload: Uint8Array.of(1, 2, 3, 4, 5) };
    const error = failureOf([expected], { type: 18, flags: REQUEST, payload: Uint8Array.of(1, 2, 3, 4, 6) });
    expect(error.message).to.contain(['    payload', '      0000: 01 02 03 04', '  -   0004: 05', '  +   0004: 06'].join('\n'));
  });

  it('compares Request and Ack only if the expectation names them', () => {
    const { send } = drive(fakeKernel([{ type: 18, flags: MessageFlags.Ack }]));
    expect(
      failure(() => {
        send({ type: 18, flags: MessageFlags.Request });
      }).message,
    ).to.contain('- flags ack');
    send({ type: 18, flags: REQUEST });
  });

  it('fails for a request after the last expected one', () => {
    expect(failureOf([{ type: 18 }], { type: 18, flags: REQUEST }, { type: 20, flags: REQUEST }).message).to.match(
      /^request 2: expected only 1 requests\n {2}- nothing\n {2}\+ type 20/,
    );
  });

  it('names the missing requests in verify()', () => {
    const kernel = fakeKernel([{ type: 18 }, { type: 20 }]);
    drive(kernel).send({ type: 18, flags: REQUEST });
    const error = failure(() => {
      kernel.verify();
    });
    expect(error.message).to.match(/^1 of 2 expected requests were not sent\n {2}- type 20/);
  });
});
