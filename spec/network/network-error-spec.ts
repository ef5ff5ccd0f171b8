import { expect } from 'chai';
import { NetworkError } from '../../lib/network/common/network-error.js';

describe('NetworkError', () => {
  const error = new NetworkError({
    reason: 'invalid',
    verb: 'add',
    subject: 'link br0',
    text: 'mtu: expected a number',
    path: 'mtu',
    errno: -22,
    code: 'EINVAL',
    cause: Object.assign(new Error('of the engine'), { counter: 5n }),
  });

  it('is JSON with its name and its message, without its cause', () => {
    expect(JSON.parse(JSON.stringify({ failed: [error] }))).to.deep.equal({
      failed: [
        {
          name: 'NetworkError',
          message: 'cannot add link br0: mtu: expected a number',
          reason: 'invalid',
          subject: 'link br0',
          path: 'mtu',
          code: 'EINVAL',
        },
      ],
    });
  });

  it('has no enumerable toJSON', () => {
    expect(Object.keys(error)).to.not.include('toJSON');
    for (const name in error) expect(name).to.not.equal('toJSON');
  });
});
