import os from 'node:os';
import { preloadLibraries } from '../bench/competitors.js';
import { bytes, plural } from '../../text/numbers.js';
import { container, hypervisor } from '../perf/machine.js';
import { installRemedy } from '../process/packages.js';
import { commandCheck, type DoctorCheck, type DoctorContext } from './check.js';
import { perfChecks } from './perfChecks.js';
import { debugInformationCheck, folderCheck, symbolizerCheck, valgrindCheck } from './toolChecks.js';

export type { CheckStatus, DoctorCheck } from './check.js';

export interface DoctorReport {
  readonly machine: string;
  readonly checks: readonly DoctorCheck[];
}

/** Checks everything the lab needs; each check starts at most one short program. */
export async function runDoctor(context: DoctorContext): Promise<DoctorReport> {
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  const cores = os.availableParallelism();
  const [host, inside] = await Promise.all([hypervisor(context), container()]);
  const where = [
    host === undefined ? '' : `virtual machine (${host})`,
    inside === undefined ? '' : `container (${inside})`,
  ].filter(Boolean);
  return {
    machine: [
      `${cpu}, ${plural(cores, 'core')}, ${bytes(os.totalmem())}, Linux ${os.release()}`,
      ...where,
    ].join(', '),
    checks: [
      await commandCheck('C compiler', 'cc', 'missing', 'nothing can be built', context),
      await commandCheck('make', 'make', 'missing', 'nothing can be built', context),
      ...(await perfChecks(context)),
      await valgrindCheck(context),
      await symbolizerCheck(),
      await debugInformationCheck(),
      ...(context.folder === undefined ? [] : [await folderCheck(context.folder)]),
      ...(await competitorChecks(context)),
    ],
  };
}

async function competitorChecks(context: DoctorContext): Promise<DoctorCheck[]> {
  const libraries = await preloadLibraries(context);
  return libraries.map(({ allocator, file }) =>
    file
      ? { name: `Competitor ${allocator}`, status: 'ok', detail: file }
      : {
          name: `Competitor ${allocator}`,
          status: 'limited',
          detail: "not installed: can't be compared.",
          remedy: installRemedy(allocator),
        },
  );
}
