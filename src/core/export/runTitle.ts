import type { RunDocument } from '../../model/run.js';

/** What an exported profile is called: its preset, and when it ran. */
export function runTitle({ preset, createdAt }: RunDocument): string {
  return `${preset.name}, ${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
}
