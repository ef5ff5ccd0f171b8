import type { OverlayEntry } from '../../overlay.js';
import { layout, names, nest, set, struct, text, u16, u32 } from '../words.js';

const HEADER = 'linux/can/netlink.h';

/** The controllers of CAN buses. @internal */
export const can: readonly OverlayEntry[] = [
  {
    header: HEADER,
    addDefinitions: [
      layout('can-bittiming', [
        u32('bitrate'),
        u32('sample-point'),
        u32('tq'),
        u32('prop-seg'),
        u32('phase-seg1'),
        u32('phase-seg2'),
        u32('sjw'),
        u32('brp'),
      ]),
      layout('can-bittiming-const', [
        text('name', { len: 16 }),
        u32('tseg1-min'),
        u32('tseg1-max'),
        u32('tseg2-min'),
        u32('tseg2-max'),
        u32('sjw-max'),
        u32('brp-min'),
        u32('brp-max'),
        u32('brp-inc'),
      ]),
      layout('can-clock', [u32('freq')]),
      layout('can-berr-counter', [u16('txerr'), u16('rxerr')]),
      layout('can-ctrlmode', [u32('mask'), u32('flags')]),
      names('can-state', 'can-state-', ['error-active', 'error-warning', 'error-passive', 'bus-off', 'stopped', 'sleeping']),
    ],
  },
  {
    header: HEADER,
    addSets: [
      set('linkinfo-can-attrs', 'ifla-can-', [
        struct('bittiming', 'can-bittiming'),
        struct('bittiming-const', 'can-bittiming-const'),
        struct('clock', 'can-clock'),
        u32('state', { enum: 'can-state' }),
        struct('ctrlmode', 'can-ctrlmode'),
        u32('restart-ms'),
        u32('restart'),
        struct('berr-counter', 'can-berr-counter'),
        struct('data-bittiming', 'can-bittiming'),
        struct('data-bittiming-const', 'can-bittiming-const'),
        u16('termination'),
        { name: 'termination-const', type: 'binary', 'sub-type': 'u16' },
        { name: 'bitrate-const', type: 'binary', 'sub-type': 'u32' },
        { name: 'data-bitrate-const', type: 'binary', 'sub-type': 'u32' },
        u32('bitrate-max'),
        nest('tdc', 'can-tdc-attrs'),
        nest('ctrlmode-ext', 'can-ctrlmode-ext-attrs'),
      ]),
      set('can-tdc-attrs', 'ifla-can-tdc-', [
        u32('tdcv-min'),
        u32('tdcv-max'),
        u32('tdco-min'),
        u32('tdco-max'),
        u32('tdcf-min'),
        u32('tdcf-max'),
        u32('tdcv'),
        u32('tdco'),
        u32('tdcf'),
      ]),
      set('can-ctrlmode-ext-attrs', 'ifla-can-ctrlmode-', [u32('supported')]),
    ],
  },
];
