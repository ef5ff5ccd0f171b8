import { expect } from 'chai';
import { runChild } from '../support/child.js';

/** Throws once from `receive`, then continues; prints the events of the process. */
const throwing = (what: string, listen = true) => `
${listen ? "process.on('uncaughtException', (error, origin) => console.log('caught', String(error), origin));" : ''}
let count = 0;
const connection = open(() => {
  count++;
  console.log('delivery', count);
  if (count === 3) connection.close();
  else connection.send(dump(), 32);
  if (count === 1) throw ${what};
});
connection.send(dump(), 32);
`;

describe('native socket, exceptions of receive', () => {
  for (const [what, printed] of [
    ['new Error("on purpose")', 'Error: on purpose'],
    ['null', 'null'],
    ['undefined', 'undefined'],
  ] as const) {
    it(`reports ${what} to the process, and continues`, async () => {
      const ended = await runChild(throwing(what));
      expect(ended).to.deep.equal({
        code: 0,
        signal: null,
        stderr: '',
        stdout: `delivery 1\ncaught ${printed} uncaughtException\ndelivery 2\ndelivery 3\n`,
      });
    });
  }

  it('ends the process without a listener', async () => {
    const { code, signal, stdout, stderr } = await runChild(throwing('new Error("on purpose")', false));
    expect({ code, signal, stdout }).to.deep.equal({ code: 1, signal: null, stdout: 'delivery 1\n' });
    expect(stderr).to.match(/Error: on purpose/);
  });

  it('runs promises and nextTick between two deliveries, in the async context in which it was opened', async () => {
    const { stdout, stderr } = await runChild(`
      import { AsyncLocalStorage } from 'node:async_hooks';
      const storage = new AsyncLocalStorage();
      const connection = storage.run('opener', () => open(() => {
        console.log('delivery in', storage.getStore());
        process.nextTick(() => console.log('tick'));
        Promise.resolve().then(() => { console.log('promise'); connection.close(); });
        setImmediate(() => console.log('later'));
      }));
      connection.send(dump(), 32);
    `);
    expect({ stdout, stderr }).to.deep.equal({ stderr: '', stdout: 'delivery in opener\ntick\npromise\nlater\n' });
  });
});
