import { open } from 'node:fs/promises';
import os from 'node:os';
import { readRegular } from '../files.js';
import { messageOf } from '../labError.js';
import { sameBuildId } from './debugFile.js';
import { buildIdOfNotes, ElfFile } from './elfFile.js';
import { readElfSymbols } from './elfSymbols.js';
import type { KernelReference } from './location.js';
import type { Cause } from './moduleFacts.js';
import { Binding, SymbolTable, SymbolType, type RawSymbol } from './symbolTable.js';

type Found = { readonly table: SymbolTable } | { readonly unnamed: Cause };

const elsewhere = 'Open the recording on the machine where it was made, before its kernel is updated.';

/** @param release in the recording, if it has one */
export function isOtherKernel(release: string | undefined): boolean {
  return release !== undefined && release !== os.release();
}

/**
 * Reads the symbols of the running kernel, provided that it is the recorded one.
 * @returns `shift` to add to a recorded address: the kernel is loaded elsewhere after each boot (KASLR)
 */
export async function kernelSymbols(
  recorded: string | undefined,
  {
    kallsyms = '/proc/kallsyms',
    notes = '/sys/kernel/notes',
    release,
    reference,
  }: {
    readonly kallsyms?: string;
    readonly notes?: string;
    readonly release?: string | undefined;
    readonly reference?: KernelReference | undefined;
  } = {},
): Promise<{ readonly table: SymbolTable; readonly shift: number } | { readonly unnamed: Cause }> {
  const running = await readRegular(notes).then(buildIdOfNotes, () => undefined);
  const other =
    recorded === undefined || running === undefined
      ? isOtherKernel(release)
      : !sameBuildId(recorded, running);
  if (other) return { unnamed: { why: 'the recording is from a different kernel', remedy: elsewhere } };
  const text = await readRegular(kallsyms).then(
    (data) => data.toString('latin1'),
    () => '',
  );
  const table = parseKallsyms(text);
  if (table.length > 0) return { table, shift: shiftSince(text, reference) };
  const hidden = text === '' ? "can't be read" : 'contains only zeros';
  return {
    unnamed: {
      why: `the kernel hides its addresses (${kallsyms} ${hidden})`,
      remedy: 'Record again after: $ sudo sysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1',
    },
  };
}

function shiftSince(kallsyms: string, reference: KernelReference | undefined): number {
  if (!reference) return 0;
  const at = kallsyms.indexOf(` T ${reference.symbol}\n`);
  const address = kallsyms.slice(kallsyms.lastIndexOf('\n', at) + 1, at);
  return at > 0 ? Number(BigInt.asIntN(64, BigInt(`0x${address}`))) - reference.address : 0;
}

/**
 * Lines of address, type, name, and the module in brackets; only code (`t`, `w`, and their exported forms) is needed.
 * Addresses are as in `Location`: the upper half is negative. Hidden addresses are zero.
 */
export function parseKallsyms(text: string): SymbolTable {
  const symbols: RawSymbol[] = [];
  for (const [, address, type, name] of text.matchAll(/^([0-9a-f]{1,16}) ([tTwW]) (\S+)/gm)) {
    const start = Number(BigInt.asIntN(64, BigInt(`0x${address as string}`)));
    if (start === 0) continue;
    const binding = type === 'T' ? Binding.GLOBAL : /w/i.test(type as string) ? Binding.WEAK : Binding.LOCAL;
    symbols.push({ name: name as string, start, end: start, type: SymbolType.FUNC, binding });
  }
  const table = new SymbolTable();
  table.add(symbols);
  return table;
}

/** Symbols of the vDSO, kernel code that is mapped into every process. It isn't a file, so read this process's memory. */
export async function vdsoSymbols(recorded: string | undefined, release?: string): Promise<Found> {
  const unnamed = (why: string) => ({ unnamed: { why: `it ${why}`, remedy: elsewhere } });
  try {
    const maps = (await readRegular('/proc/self/maps')).toString('latin1');
    const range = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps);
    if (!range) return unnamed('is not mapped');
    const [start, end] = [Number(`0x${range[1] as string}`), Number(`0x${range[2] as string}`)];
    const image = Buffer.alloc(end - start);
    const memory = await open('/proc/self/mem', 'r');
    try {
      await memory.read(image, 0, image.length, start);
    } finally {
      await memory.close();
    }
    const elf = await ElfFile.fromMemory(image);
    const other =
      recorded === undefined ? isOtherKernel(release) : !sameBuildId(await elf.buildId(), recorded);
    if (other) return unnamed('is from a different kernel');
    return { table: await readElfSymbols(elf, elf) };
  } catch (error) {
    return unnamed(`can't be read (${messageOf(error)})`);
  }
}
