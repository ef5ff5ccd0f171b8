import type { NetworkTables } from '../network-tables.js';
import type { Device } from './device.js';

/**
 * The carriers of links, and the state that follows from them.
 *
 * A driver sets the carrier; the kernel's linkwatch then sets the state of the link and notifies of it. The fake network does the
 * second immediately after the first, before the ack of the request.
 *
 * @internal
 */
export class Carriers {
  readonly #tables: NetworkTables;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  /** Sets the carriers that follow from the links; returns those links whose carrier has changed. */
  update(devices: readonly (Device | undefined)[]): readonly Device[] {
    return devices.filter((device) => device !== undefined && this.#updateOne(device)) as readonly Device[];
  }

  /** Notifies of links whose carrier has changed, and of the links above them. */
  settle(changed: readonly Device[]): void {
    const pending = [...changed];
    for (let device = pending.shift(); device !== undefined; device = pending.shift()) {
      this.#notify(device);
      pending.push(...this.update(this.above(device)));
    }
  }

  /** Returns the links whose carrier depends on a link: its master, and those of which it is the parent. */
  above(device: Device): readonly Device[] {
    const all = [...this.#tables.everywhere()].flatMap(({ links }) => [...links.all()]);
    const children = all.filter(({ parent }) => parent === device);
    return device.master === undefined ? children : [device.master, ...children];
  }

  #updateOne(device: Device): boolean {
    const wanted = !device.isUnplugged && this.#wanted(device);
    if (wanted === device.hasCarrier) return false;
    device.hasCarrier = wanted;
    if (wanted) device.carrierUps++;
    else device.carrierDowns++;
    return true;
  }

  #wanted(device: Device): boolean {
    const { kind, peer, parent, facts, hadPorts } = device;
    if (kind === 'veth') return device.isUp && peer?.isUp === true;
    if (parent !== undefined && facts.needsParent === true) return parent.isUp && parent.hasCarrier;
    if (!hadPorts || facts.portData === undefined) return true;
    return this.#tables
      .homeOf(device)
      .links.portsOf(device)
      .some((port) => port.isOperational);
  }

  #notify(device: Device): void {
    const { hasCarrier, lower } = device;
    const home = this.#tables.homeOf(device);
    // The kernel looks the lower link up in the namespace of the link itself (default_operstate()).
    const below = lower === undefined ? undefined : home.links.byIndex(lower.index);
    const without = below === undefined || below.hasCarrier ? 'down' : 'lowerlayerdown';
    device.operstate = hasCarrier ? 'up' : without;
    if (!device.isUp) return;
    if (hasCarrier) home.becameReady(device);
    else home.lostCarrier(device);
    home.notify.link('new', device.row());
  }
}
