import { expect } from 'chai';
import { ServerClock } from '../../lib/fleet/server/server-clock.js';

describe('the clock of a server', () => {
  let local = 0;
  const clock = () => new ServerClock(() => local);
  const SERVER = Date.parse('2030-01-01T00:00:00Z');

  it('gives the age of a message by an answer, independent of the clock of this machine', () => {
    const read = clock();
    local = 1000;
    read.read('2030-01-01T00:00:00.000000123Z');
    expect(read.ageOf(SERVER)).to.equal(0);
    local = 6000;
    expect(read.ageOf(SERVER)).to.equal(5000);
    expect(read.age).to.equal(5000);
  });

  it('is not before the messages of the server', () => {
    const read = clock();
    local = 0;
    expect(read.ageOf(SERVER)).to.equal(0);
    read.read('2030-01-01T00:00:00Z');
    expect(read.ageOf(SERVER + 60_000)).to.equal(0);
    expect(read.ageOf(SERVER)).to.equal(60_000);
    for (const text of [undefined, 5, 'soon']) read.read(text);
    expect(read.ageOf(SERVER)).to.equal(60_000);
    expect(read.ageOf(Number.NaN)).to.equal(0);
  });
});
