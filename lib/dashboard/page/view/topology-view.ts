import type { Topology } from '../../protocol.js';
import { topologyLayout, type Shape } from '../model/topology-layout.js';
import { topologyText } from '../model/topology-text.js';
import { setText, svg } from './elements.js';

/** The padding of the frame at both sides, and the border of the outer boxes. */
const PADDING = 22;

/** The picture of the topology. */
export class TopologyView {
  readonly #frame: HTMLElement;
  readonly #note: HTMLElement;
  readonly #choose: (key: string) => void;
  #chosen: string | undefined;

  /**
   * @param frame - The element around the picture; it scrolls if the picture is higher.
   * @param note - The element that shows why namespaces are missing.
   * @param choose - Called with the key of a link that the reader clicks.
   */
  constructor(frame: HTMLElement, note: HTMLElement, choose: (key: string) => void) {
    this.#frame = frame;
    this.#note = note;
    this.#choose = choose;
    frame.addEventListener('click', ({ target }) => {
      const shape = target instanceof Element ? target.closest('[data-link]') : null;
      const key = shape?.getAttribute('data-link');
      if (typeof key === 'string') this.#choose(key);
    });
  }

  /** Marks the link of the plot. */
  mark(key: string | undefined): void {
    if (key === this.#chosen) return;
    this.#chosen = key;
    for (const shape of this.#frame.querySelectorAll('[data-link]'))
      shape.classList.toggle('chosen', shape.getAttribute('data-link') === key);
  }

  /** Draws a topology for the width that the frame has. The style sheet reserves the place of a scroll bar. */
  show(topology: Topology): void {
    const { nodes, namespaces, note } = topology;
    const [first] = namespaces;
    const { width, height, shapes, lines } = topologyLayout(topology, Math.max(240, this.#frame.clientWidth - PADDING));
    const links = new Set(nodes.filter(({ namespace }) => namespace === first?.id).map(({ id }) => id));
    const picture = svg('svg', { width: width + 2, height: height + 2, viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: 'img' });
    picture.setAttribute('aria-label', topologyText(topology));
    const group = (shape: Shape) => this.#shape(shape, links.has(shape.item.id ?? ''));
    picture.append(...shapes.filter(({ isBox }) => isBox).map(group));
    picture.append(...lines.map(({ kind, path }) => svg('path', { class: `line ${kind}`, d: path })));
    picture.append(...shapes.filter(({ isBox }) => !isBox).map(group));
    this.#frame.replaceChildren(picture);
    const scrolls = height > this.#frame.clientHeight + 4;
    if (scrolls) {
      // A region that scrolls must be reachable by keys.
      for (const [name, value] of [
        ['tabindex', '0'],
        ['role', 'region'],
        ['aria-label', 'Picture of the topology'],
      ] as const)
        this.#frame.setAttribute(name, value);
    } else for (const name of ['tabindex', 'role', 'aria-label']) this.#frame.removeAttribute(name);
    const errors = namespaces.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]));
    setText(this.#note, [...(note === undefined ? [] : [note]), ...errors].join('; '));
  }

  #shape({ item, x, y, width, height, text, isBox }: Shape, isLink: boolean): SVGElement {
    const kind = item.kind === 'namespace' || item.kind === 'note' || item.kind === 'remote' ? item.kind : 'link';
    const group = svg('g', { class: `${isBox ? 'box' : 'chip'} ${kind}`, transform: `translate(${x} ${y})` });
    if (item.state !== '') group.setAttribute('data-state', item.state);
    if (isLink) {
      group.setAttribute('data-link', item.id!);
      group.classList.toggle('chosen', item.id === this.#chosen);
    }
    group.append(svg('rect', { width, height, rx: isBox ? 6 : 4 }));
    const hasDot = kind === 'link';
    if (hasDot) group.append(svg('circle', { cx: 9, cy: isBox ? 12 : height / 2, r: 3 }));
    const detail = item.detail !== '' && text.startsWith(`${item.title} `) ? text.slice(item.title.length) : '';
    const label = svg('text', { x: hasDot ? 17 : 9, y: isBox ? 16 : height / 2 + 4 }, text.slice(0, text.length - detail.length));
    if (detail !== '') label.append(svg('tspan', { class: 'detail' }, detail));
    group.append(label);
    if (item.state !== '') group.append(svg('title', {}, `${item.title}, ${item.kind}, ${item.state}`));
    return group;
  }
}
