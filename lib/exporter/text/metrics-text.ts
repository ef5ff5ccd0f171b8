import type { MetricFamily, MetricValue } from './metric-family.js';

/** The type of the text: Prometheus refuses a response without a type that it knows. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Returns metrics in Prometheus's text format 0.0.4.
 *
 * A family without series is omitted. Of several series with the same labels only the first is written, because Prometheus would refuse all others.
 *
 * @throws Error if two families have the same name: their series would have to stand together.
 */
export function metricsText(families: readonly MetricFamily[]): string {
  const names = new Set<string>();
  let text = '';
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue;
    if (names.has(name)) throw new Error(`two families of metrics have the name ${name}`);
    names.add(name);
    text += `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`;
    const written = new Set<string>();
    for (const [labels, value] of samples) {
      if (written.has(labels)) continue;
      written.add(labels);
      text += `${name}${labels} ${valueText(value)}\n`;
    }
  }
  return text;
}

function escapedHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function valueText(value: MetricValue): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
