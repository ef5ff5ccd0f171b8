import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';

import { PinCapabilities, dpll } from '../../../lib/families/dpll.js';
import { peek, poke, simulated } from '../simulated.js';
import { last } from '../support.js';

/** The parameters of the simulated driver, which are read and written without netlink. */
const PARAMETERS = '/sys/module/dpllsim/parameters';
const CLOCK = 0x0123_4567_89ab_cdefn;

const parameter = (name: string): string => peek(`${PARAMETERS}/${name}`);

describe('dpll on the wide kernel with simulated devices', () => {
  before(function () {
    simulated(this, 'dpllsim');
  });

  it('reads the devices as their driver has them', async () => {
    using client = dpll();
    poke(`${PARAMETERS}/temp`, -40_125);
    const common = {
      moduleName: 'dpllsim',
      clockId: CLOCK,
      temp: -40_125,
      lockStatus: 'holdover',
      lockStatusError: 'media-down',
      clockQualityLevel: ['itu-opt1-prc', 'itu-opt1-eprtc'],
      mode: 'automatic',
      modeSupported: ['automatic'],
    };
    expect(await last(client.list('device-get'))).to.deep.equal([
      { id: 0, ...common, type: 'eec' },
      { id: 1, ...common, type: 'pps' },
    ]);
    expect(await last(client.do('device-id-get', { moduleName: 'dpllsim', clockId: CLOCK, type: 'pps' }))).to.deep.equal({ id: 1 });
  });

  it('reads all attributes of pins', async () => {
    using client = dpll();
    const [gnss, sma, mux, phy, ...more] = await last(client.list('pin-get'));
    expect(more).to.deep.equal([]);
    const parent = { prio: 3, state: 'selectable', direction: 'input', phaseOffset: -5_000_000_123n };
    expect(gnss).to.deep.equal({
      id: 0,
      moduleName: 'dpllsim',
      clockId: CLOCK,
      boardLabel: 'GNSS0',
      panelLabel: 'antenna',
      packageLabel: 'SDP-1',
      type: 'gnss',
      capabilities: PinCapabilities.DirectionCanChange | PinCapabilities.PriorityCanChange | PinCapabilities.StateCanChange,
      frequency: 10_000_000n,
      frequencySupported: [
        { frequencyMin: 1n, frequencyMax: 1n },
        { frequencyMin: 10_000_000n, frequencyMax: 10_000_000n },
        { frequencyMin: 1000n, frequencyMax: 5_000_000_000n },
      ],
      phaseAdjustMin: -50_000,
      phaseAdjustMax: 60_000,
      phaseAdjust: -1234,
      fractionalFrequencyOffset: -42n,
      esyncFrequency: 1n,
      esyncPulse: 25,
      esyncFrequencySupported: [
        { frequencyMin: 1n, frequencyMax: 1n },
        { frequencyMin: 25n, frequencyMax: 50n },
      ],
      referenceSync: [{ id: 1, state: 'disconnected' }],
      parentDevice: [
        { parentId: 0, ...parent },
        { parentId: 1, ...parent },
      ],
    });
    expect(sma).to.deep.include({ id: 1, boardLabel: 'SMA1', type: 'ext', capabilities: 0 });
    expect(mux).to.deep.include({ id: 2, type: 'mux', parentDevice: [{ parentId: 0, state: 'connected', direction: 'output' }] });
    expect(phy).to.deep.include({ id: 3, panelLabel: 'phy7', type: 'synce-eth-port', parentPin: [{ parentId: 2, state: 'connected' }] });
    expect(await last(client.do('pin-id-get', { boardLabel: 'MUX0' }))).to.deep.equal({ id: 2 });
  });

  it('writes pins as their driver then has them, and receives the notification', async () => {
    using client = dpll();
    const received = firstValueFrom(client.notifications('monitor'));
    await last(client.do('pin-set', { id: 0, frequency: 4_999_999_999n }));
    const { op, value } = await received;
    expect({ op, frequency: (value as { frequency?: bigint }).frequency }).to.deep.equal({
      op: 'pin-change-ntf',
      frequency: 4_999_999_999n,
    });
    await last(client.do('pin-set', { id: 0, phaseAdjust: -49_999, esyncFrequency: 26n }));
    await last(client.do('pin-set', { id: 0, parentDevice: [{ parentId: 1, prio: 77, state: 'connected', direction: 'output' }] }));
    await last(client.do('pin-set', { id: 3, parentPin: [{ parentId: 2, state: 'disconnected' }] }));
    await last(client.do('pin-set', { id: 0, referenceSync: [{ id: 1, state: 'connected' }] }));
    const seen = Object.fromEntries(
      ['frequency', 'phase_adjust', 'esync', 'prio', 'state', 'direction', 'phy_state', 'reference_state'].map((name) => [
        name,
        parameter(name),
      ]),
    );
    // Numbers of linux/dpll.h.
    expect(seen).to.deep.equal({
      frequency: '4999999999',
      phase_adjust: '-49999',
      esync: '26',
      prio: '77',
      state: '1',
      direction: '2',
      phy_state: '2',
      reference_state: '1',
    });
  });

  it('fails with the path of the rejected attribute', async () => {
    using client = dpll();
    const error: unknown = await last(client.do('pin-set', { id: 0, frequency: 77n })).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'KernelError', code: 'EINVAL' });
    expect((error as { extendedAck: { attributePath: string } }).extendedAck.attributePath).to.equal('.frequency');
  });
});
