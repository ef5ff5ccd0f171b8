import { loadSchemas } from '../codegen/generated.js';
import { makeSecret } from './leaks.js';
import { outputsOf } from './outputs.js';
import { secretPlaces } from './places.js';

/** Prints the outputs of every secret of every family, as JSON on standard output. */
export async function runOutputs(): Promise<void> {
  const places = (await loadSchemas()).flatMap(secretPlaces);
  const lines = [];
  for (const [number, place] of places.entries()) {
    lines.push({ name: `${place.schema.source}: ${place.name}`, outputs: await outputsOf(place, makeSecret(number, place.size)) });
  }
  process.stdout.write(JSON.stringify(lines));
}
