import { expect } from 'chai';
import { loadAddon } from '../../lib/socket/native/load-addon.js';
import { runChild } from '../support/child.js';
import { spawn } from '../support/programs.js';

describe('native process watch', () => {
  const { ProcessWatch } = loadAddon();

  it('tells once when a process has ended', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const watch = new ProcessWatch();
    let told = 0;
    const ended = new Promise<void>((resolve) => {
      const onExit = () => {
        told++;
        resolve();
      };
      expect(watch.start(child.pid ?? 0, onExit)).to.equal(0);
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(told).to.equal(0);
    child.kill('SIGKILL');
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(told).to.equal(1);
    watch.close();
  });

  it('says ESRCH where there is no such process, and EBUSY when it watches already', () => {
    const ESRCH = -3;
    const EBUSY = -16;
    expect(new ProcessWatch().start(0x7ffffff0, () => undefined)).to.equal(ESRCH);
    const watch = new ProcessWatch();
    expect(watch.start(process.pid, () => undefined)).to.equal(0);
    expect(watch.start(process.pid, () => undefined)).to.equal(EBUSY);
    watch.close();
    expect(watch.start(process.pid, () => undefined)).to.equal(EBUSY);
  });

  it('says nothing once it is closed, and does not keep its own process alive', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const watch = new ProcessWatch();
    let told = 0;
    watch.start(child.pid ?? 0, () => told++);
    watch.close();
    watch.close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).to.equal(0);
    const { code, stdout } = await runChild(`
      const { ProcessWatch } = loadAddon();
      console.log(new ProcessWatch().start(process.ppid, () => {}));
    `);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '0\n' });
  });
});
