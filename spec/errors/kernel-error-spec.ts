import { expect } from 'chai';
import { KernelError, OverrunError, TimeoutError, isKernelError } from '../../lib/index.js';

// Linux error numbers: ENOENT 2, EEXIST 17
const absent = new KernelError({ errno: -2, operation: 'getlink' });

describe('isKernelError', () => {
  it('is true for a KernelError, and with a code only for that code', () => {
    expect(absent).to.include({ code: 'ENOENT', errno: -2, operation: 'getlink' });
    expect([isKernelError(absent), isKernelError(absent, 'ENOENT'), isKernelError(absent, 'EEXIST')]).to.deep.equal([true, true, false]);
  });

  it('is false for any other value with the same code', () => {
    const others = [
      new OverrunError(1),
      new TimeoutError('getlink', 5),
      Object.assign(new Error(), { code: 'ENOENT' }),
      'ENOENT',
      undefined,
    ];
    for (const other of others) expect(isKernelError(other)).to.equal(false);
    expect(isKernelError(others[2], 'ENOENT')).to.equal(false);
  });
});
