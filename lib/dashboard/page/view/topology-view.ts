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
    const boxes = shapes.filter(({ isBox }) => isBox);
    const frames = boxes.map((shape) => this.#group(shape, links.has(shape.item.id ?? '')));
    for (const [index, frame] of frames.entries()) frame.append(rectangle(boxes[index]!));
    // A line may cross a box: the titles are above the lines.
    const titles = boxes.map((shape) => {
      const title = this.#group(shape, false);
      title.append(...label(shape));
      return title;
    });
    const chips = shapes
      .filter(({ isBox }) => !isBox)
      .map((shape) => {
        const chip = this.#group(shape, links.has(shape.item.id ?? ''));
        chip.append(rectangle(shape), ...label(shape));
        return chip;
      });
    const paths = lines.map(({ kind, path }) => svg('path', { class: `line ${kind}`, d: path }));
    picture.append(...frames, ...paths, ...titles, ...chips);
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

  /** Makes the group of a shape at its place. A link of the tables can be chosen. */
  #group({ item, x, y, isBox }: Shape, isLink: boolean): SVGElement {
    const group = svg('g', { class: `${isBox ? 'box' : 'chip'} ${classOf(item.kind)}`, transform: `translate(${x} ${y})` });
    if (item.state !== '') group.setAttribute('data-state', item.state);
    if (isLink) {
      group.setAttribute('data-link', item.id!);
      group.classList.toggle('chosen', item.id === this.#chosen);
    }
    return group;
  }
}

/** Returns the style of a kind: all links have the same one. */
function classOf(kind: string): string {
  return ['namespace', 'note', 'remote'].includes(kind) ? kind : 'link';
}

function rectangle({ width, height, isBox }: Shape): SVGElement {
  return svg('rect', { width, height, rx: isBox ? 6 : 4 });
}

/** Makes the text of a shape, the dot of its state, and the text that appears below the pointer. */
function label({ item, text, height, isBox }: Shape): SVGElement[] {
  const hasDot = classOf(item.kind) === 'link';
  const detail = item.detail !== '' && text.startsWith(`${item.title} `) ? text.slice(item.title.length) : '';
  const name = svg('text', { x: hasDot ? 17 : 9, y: isBox ? 16 : height / 2 + 4 }, text.slice(0, text.length - detail.length));
  if (detail !== '') name.append(svg('tspan', { class: 'detail' }, detail));
  return [
    ...(hasDot ? [svg('circle', { cx: 9, cy: isBox ? 12 : height / 2, r: 3 })] : []),
    name,
    ...(item.state === '' ? [] : [svg('title', {}, `${item.title}, ${item.kind}, ${item.state}`)]),
  ];
}
