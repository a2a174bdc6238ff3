import type { RunDocument } from '../../model/run.js';

/** The title of an exported profile: its preset and time. */
export function runTitle({ preset, createdAt }: RunDocument): string {
  return `${preset.name}, ${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
}
