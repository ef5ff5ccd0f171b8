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

describe('a KernelError', () => {
  it('has no name of Linux for a positive number, which the kernel sends by mistake', () => {
    expect(new KernelError({ errno: 1, operation: 'add' })).to.include({
      code: 'E+1',
      errno: 1,
      message: 'E+1 add: the kernel reported a positive number, which names no error',
    });
  });

  it('lists the names that are possible', () => {
    expect(absent.codes).to.deep.equal(['ENOENT']);
    const either = new KernelError({ errno: -5000, operation: 'add', code: 'A or B', codes: ['A', 'B'] });
    expect(['A', 'B', 'A or B', 'C'].map((code) => isKernelError(either, code))).to.deep.equal([true, true, true, false]);
  });
});
