import { groupRemedies } from '../core/doctor/check.js';
import type { DoctorReport } from '../core/doctor/doctor.js';
import { escaped } from '../text/printable.js';
import { table } from './tables.js';
import { terminalOf, widthOf, wrapped, type Terminal } from './terminal.js';

const header = ['Check', 'Status', 'Detail'] as const;
/** Columns between two columns of a table. */
const GAP = 2;
/** In a terminal with less room for details than this, lines are wider than it. */
const NARROWEST = 20;

export function doctorTable(
  { machine, checks }: DoctorReport,
  terminal = terminalOf(process.stdout),
): string {
  const remedies = groupRemedies(checks).map(({ names, remedy }) =>
    [
      wrapped(`${names.join(', ')}:`, terminal),
      indented(remedy.text, 2, terminal),
      // A command stays whole, to be copied.
      ...(remedy.command ? [`    ${remedy.command}`] : []),
    ].join('\n'),
  );
  return [
    wrapped(escaped(machine), terminal),
    table(header, ['left', 'left', 'left'], rows(checks, terminal), terminal),
    ...(remedies.length > 0 ? [`Remedies\n\n${remedies.join('\n\n')}`] : []),
  ].join('\n\n');
}

/** A detail may be a reason that someone needs in full: it continues on the next line rather than being cut. */
function rows(checks: DoctorReport['checks'], terminal: Terminal): string[][] {
  const first = (of: (check: DoctorReport['checks'][number]) => string, title: string) =>
    Math.max(widthOf(title), ...checks.map((check) => widthOf(of(check)))) + GAP;
  const before = first(({ name }) => name, header[0]) + first(({ status }) => status, header[1]);
  const columns = Math.max(terminal.columns - before, NARROWEST);
  return checks.flatMap(({ name, status, detail }) =>
    wrapped(escaped(detail), { ...terminal, columns }, { hard: true })
      .split('\n')
      .map((line, i) => (i === 0 ? [name, status, line] : ['', '', line])),
  );
}

function indented(text: string, by: number, terminal: Terminal): string {
  const room = { ...terminal, columns: terminal.columns - by };
  return wrapped(text, room).replace(/^/gm, ' '.repeat(by));
}
