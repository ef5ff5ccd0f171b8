import { expect } from 'chai';
import sinon from 'sinon';
import { loadAddon } from '../../lib/socket/native/load-addon.js';
import { runChild } from '../support/child.js';
import { spawn } from '../support/programs.js';
import { pause, until } from '../support/sockets.js';

describe('native process watch', () => {
  const { ProcessWatch } = loadAddon();

  it('calls back once when a process has ended', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const watch = new ProcessWatch();
    const onExit = sinon.fake();
    expect(watch.start(child.pid ?? 0, onExit)).to.equal(0);
    await pause(30);
    sinon.assert.notCalled(onExit);
    child.kill('SIGKILL');
    await until('the process has ended', () => onExit.called);
    await pause(30);
    sinon.assert.calledOnceWithExactly(onExit);
    watch.close();
  });

  it('returns ESRCH if there is no such process, and EBUSY if it watches already', () => {
    const ESRCH = -3;
    const EBUSY = -16;
    expect(new ProcessWatch().start(0x7ffffff0, () => undefined)).to.equal(ESRCH);
    const watch = new ProcessWatch();
    expect(watch.start(process.pid, () => undefined)).to.equal(0);
    expect(watch.start(process.pid, () => undefined)).to.equal(EBUSY);
    watch.close();
    expect(watch.start(process.pid, () => undefined)).to.equal(EBUSY);
  });

  it('does not call back after it was closed, and does not keep its own process alive', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const watch = new ProcessWatch();
    const onExit = sinon.fake();
    watch.start(child.pid ?? 0, onExit);
    watch.close();
    watch.close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await pause(20);
    sinon.assert.notCalled(onExit);
    const { code, stdout } = await runChild(`
      const { ProcessWatch } = loadAddon();
      console.log(new ProcessWatch().start(process.ppid, () => {}));
    `);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '0\n' });
  });
});
