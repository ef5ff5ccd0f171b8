import { handleText, handle, parseHandle, type Handle } from '../../traffic/handle.js';
import { choice, mac, integer } from '../../fields/check.js';
import { link, number, numbered, plain, words, type Option } from '../../fields/option.js';
import { PACKET_PROTOCOLS } from '../protocols.js';
import { simpleKind, type ActionKind } from './action-kind.js';
import { police } from './police.js';
import type { GactAction, MirredAction, SkbeditAction, VlanAction } from './traffic-action.js';
import { verdictOption } from './verdict.js';

const then = verdictOption('action');

/** One half of `eaction`: `egress-redir`. */
function half(part: 0 | 1, names: Readonly<Record<string, string>>): Option {
  const known = Object.keys(names);
  return {
    ...plain('eaction', choice(known)),
    read: (value) => known.find((name) => names[name] === String(value).split('-')[part]) ?? value,
    write: (value) => value,
  };
}

const mirred = simpleKind<MirredAction>({
  inParms: ['action', 'eaction', 'ifindex'],
  options: {
    mode: half(1, { redirect: 'redir', mirror: 'mirror' }),
    direction: half(0, { egress: 'egress', ingress: 'ingress' }),
    link: link('ifindex'),
    then,
  },
  needs: ['link'],
  defaults: ({ mode }) => ({ mode: 'redirect', direction: 'egress', then: mode === 'mirror' ? 'pipe' : 'stolen' }),
});

const gact = simpleKind<GactAction>({ inParms: ['action'], options: { then }, needs: ['then'], defaults: () => ({}) });

const classHandle: Option = {
  attribute: 'priority',
  check: handle,
  read: (value) => handleText(value as number),
  write: (value) => parseHandle(value as Handle),
};

const skbedit = simpleKind<SkbeditAction>({
  inParms: ['action'],
  options: {
    mark: number('mark'),
    mask: number('mask'),
    priority: classHandle,
    queue: number('queueMapping', 0xffff),
    packetType: numbered('ptype', { host: 0, broadcast: 1, multicast: 2, otherhost: 3 }),
    then,
  },
  defaults: () => ({ then: 'pipe' }),
});

const vlan = simpleKind<VlanAction>({
  inParms: ['action', 'vAction'],
  options: {
    mode: words('vAction', ['pop', 'push', 'modify', 'pop-eth', 'push-eth']),
    id: plain('pushVlanId', integer(0, 4095)),
    protocol: numbered('pushVlanProtocol', PACKET_PROTOCOLS),
    priority: number('pushVlanPriority', 7),
    destination: plain('pushEthDst', mac),
    source: plain('pushEthSrc', mac),
    then,
  },
  needs: ['mode'],
  defaults: () => ({ then: 'pipe' }),
});

/** mirred has two properties in one attribute. */
const mirredKind: ActionKind = {
  ...mirred,
  write: (wanted, names) => {
    const { mode = 'redirect', direction = 'egress' } = wanted as Pick<MirredAction, 'mode' | 'direction'>;
    const { parms, ...attributes } = mirred.write(wanted, names);
    return { ...attributes, parms: { ...(parms as object), eaction: `${direction}-${mode === 'mirror' ? 'mirror' : 'redir'}` } };
  },
};

/** The kinds of actions that this library translates, by name. @internal */
export const ACTION_KINDS: Readonly<Record<string, ActionKind>> = { gact, mirred: mirredKind, police, skbedit, vlan };
