import { expect } from 'chai';
import { taskExits, taskstatsSchema, type RegisterRequest, type TaskExitsOptions } from '../../../lib/families/taskstats.js';
import { KernelError, OverrunError, resyncOnOverrun } from '../../../lib/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel, type ReplyBuilder } from '../../../lib/testing/index.js';
import { errorOf, pause, until } from '../../support/sockets.js';

/** Returns the exits of a fake kernel that answers requests with `register`. */
function exitsOf(register: (cpus: string) => ReplyBuilder | undefined = () => undefined, options: TaskExitsOptions = {}) {
  const handle = ({ registerCpumask: cpus }: RegisterRequest) => (cpus === undefined ? undefined : register(cpus));
  const family = fakeFamily(taskstatsSchema, { do: { register: handle } });
  const kernel = fakeKernel(fakeFamilies(family));
  const exits = taskExits({ transport: kernel, ...options });
  const requests = () => family.requests(kernel).map(({ value }) => value);
  const send = (pid: number) => family.send(kernel, kernel.sockets[0]!, 'exit', { aggrPid: { pid } });
  return { exits, kernel, requests, send };
}

/** Returns a kernel with so many processors that knows lists only, as those before 5.13. */
const kernelWith =
  (count: number) =>
  (cpus: string): ReplyBuilder | undefined => {
    if (cpus === 'all') return errorReply('EINVAL');
    return Number(cpus.split('-').at(-1)) < count ? undefined : errorReply('ERANGE');
  };

describe('taskExits', () => {
  it('registers its processors with the first subscriber, and deregisters them after the last one', async () => {
    const { exits, requests, send } = exitsOf(undefined, { cpus: '0-2,5' });
    const seen: unknown[] = [];
    const subscriptions = [1, 2].map((number) => exits.subscribe(({ aggrPid }) => seen.push([number, aggrPid?.pid])));
    await pause();
    send(77);
    await pause();
    for (const subscription of subscriptions) subscription.unsubscribe();
    await pause();
    expect(seen).to.deep.equal([
      [1, 77],
      [2, 77],
    ]);
    expect(requests()).to.deep.equal([{ registerCpumask: '0-2,5' }, { deregisterCpumask: '0-2,5' }]);
    exits.close();
  });

  it('registers all processors by default', async () => {
    const { exits, requests } = exitsOf();
    exits.subscribe().unsubscribe();
    await pause();
    expect(requests()).to.deep.equal([{ registerCpumask: 'all' }, { deregisterCpumask: 'all' }]);
  });

  for (const count of [1, 2, 6, 256, 8192]) {
    it(`finds the last one of ${count} processors if the kernel does not know the word 'all'`, async () => {
      const { exits, requests } = exitsOf(kernelWith(count));
      const last = count === 1 ? '0' : `0-${count - 1}`;
      const subscription = exits.subscribe();
      await until('the last processor', () =>
        requests().some((request) => 'registerCpumask' in request && request.registerCpumask === last),
      );
      subscription.unsubscribe();
      await until('the end', () => 'deregisterCpumask' in requests().at(-1)!);
      expect(requests()).to.deep.include({ registerCpumask: last });
      expect(requests().at(-1)).to.deep.equal({ deregisterCpumask: last });
      expect(requests().length).to.be.below(18);
    });
  }

  it('states the reasons if the kernel accepts no processor', async () => {
    const { exits, requests } = exitsOf(() => errorReply('EINVAL'));
    expect(await errorOf(exits))
      .to.be.instanceOf(KernelError)
      .with.property('message')
      .that.matches(/^EINVAL register.*first namespaces of processes and users only/);
    expect(requests()).to.deep.equal([{ registerCpumask: 'all' }, { registerCpumask: '0' }]);
  });

  it('ends with any other error of the kernel at once', async () => {
    const { exits, requests } = exitsOf(() => errorReply('EPERM'));
    const error = (await errorOf(exits)) as KernelError;
    expect(error.message).to.equal('EPERM register (needs CAP_NET_ADMIN in the initial namespace)');
    expect(requests()).to.have.length(1);
  });

  it('stays registered when a subscriber continues after an overrun', async () => {
    const { exits, kernel, requests, send } = exitsOf();
    const [seen, lost]: [unknown[], unknown[]] = [[], []];
    const subscription = exits.pipe(resyncOnOverrun((error) => void lost.push(error))).subscribe(({ aggrPid }) => seen.push(aggrPid?.pid));
    await pause();
    send(1);
    kernel.overrun({ dropped: 3 });
    await pause();
    send(5);
    await pause();
    expect(seen).to.deep.equal([1, 5]);
    expect(lost).to.have.length(1);
    expect(lost[0]).to.be.instanceOf(OverrunError).with.property('dropped', 3);
    expect(requests()).to.deep.equal([{ registerCpumask: 'all' }]);
    subscription.unsubscribe();
  });

  it('checks its options when it is made', () => {
    expect(() => taskExits({ cpus: ' ' })).to.throw(TypeError, 'taskExits: option cpus must be a list of processors');
    expect(() => taskExits({ cpus: 3 } as object)).to.throw(TypeError, 'taskExits: option cpus');
  });
});
