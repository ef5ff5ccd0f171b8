import { expect } from 'chai';
import { writeDescriptor } from '../../lib/codegen/write/write-descriptor.js';
import { read } from './specifications.js';

describe('codegen: errors of a family', () => {
  it('reads names, numbers and words, and writes them into the descriptor', () => {
    const schema = read('errors: [{ name: SET_ERR_FULL, value: 4352, doc: the set is full }, { name: SET_ERR_TYPE, value: 4098 }]');
    expect(schema.errors).to.deep.equal([
      { name: 'SET_ERR_FULL', value: 4352, text: 'the set is full' },
      { name: 'SET_ERR_TYPE', value: 4098 },
    ]);
    expect(writeDescriptor(schema)).to.include("    { name: 'SET_ERR_FULL', value: 4352, text: 'the set is full' },\n");
    expect(read('')).not.to.have.property('errors');
  });

  it('rejects numbers of Linux, and names and numbers that are listed twice', () => {
    expect(() => read('errors: [{ name: EEXIST, value: 17 }]')).to.throw(
      'errors[EEXIST].value: 17 is out of range; expected 4096 to 2147483647',
    );
    expect(() => read('errors: [{ name: A, value: 5000 }, { name: A, value: 5001 }]')).to.throw('errors[A]: is listed twice');
    expect(() => read('errors: [{ name: A, value: 5000 }, { name: B, value: 5000 }]')).to.throw("'B' and 'A' have the same number 5000");
    expect(() => read('errors: [{ name: A }]')).to.throw("'value' is missing");
    expect(() => read('errors: [{ name: A, value: 5000, text: b }]')).to.throw("'text' is not supported here");
  });
});
