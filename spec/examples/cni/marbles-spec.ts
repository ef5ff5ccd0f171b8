import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Network } from 'rxnetlink/network';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { runPlugin } from '../../../examples/cni/plugin.js';

const BRIDGE = { name: 'cni0', kind: 'bridge', up: true };
const SUCCESS = { output: undefined, exitCode: 0 };

describe('examples/cni in virtual time', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'rxnetlink-cni-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs `STATUS` with a kernel that answers the question for the bridge as a diagram states. */
  const check = (answer: string, expected: string, stop?: string): void => {
    const configuration = {
      cniVersion: '1.1.0',
      name: 'web',
      type: 'rxnetlink',
      bridge: 'cni0',
      ipam: { type: 'host-local', subnet: '10.1.0.0/24', dataDir: folder },
    };
    const code = (number: number) => ({ exitCode: 1, code: number });
    new TestScheduler((actual, wanted) => {
      expect(actual).to.deep.equal(wanted);
    }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const found = cold(answer, { b: BRIDGE, n: undefined, v: { ...BRIDGE, kind: 'veth' } }, new Error('no answer'));
      const host = { links: { find: () => found } } as unknown as Network;
      const outcomes = runPlugin({ CNI_COMMAND: 'STATUS' }, JSON.stringify(configuration), host);
      expectObservable(
        outcomes.pipe(map(({ output, exitCode }) => (output === undefined ? SUCCESS : { exitCode, code: codeOf(output) }))),
        stop,
      ).toBe(expected, { s: SUCCESS, u: code(50), e: code(100) });
      if (stop !== undefined) expectSubscriptions(found.subscriptions).toBe(`^${stop.slice(1)}`);
    });
  };

  it('answers when the kernel does', () => check('---(b|)', '---(s|)'));
  it('answers for a network without a bridge yet', () => check('--(n|)', '--(s|)'));
  it('answers with the code of the specification for a link that is not a bridge', () => check('-(v|)', '-(u|)'));
  it('answers with an error of the kernel, and does not fail', () => check('--#', '--(e|)'));
  it('stops asking when it is unsubscribed', () => check('-----(b|)', '---', '---!'));
});

function codeOf(output: object): unknown {
  return (output as { readonly code?: unknown }).code;
}
