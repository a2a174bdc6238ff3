import { viaPerf, type Foreign } from './foreignKind.js';

/** By how a file or folder is called, where the content doesn't tell. */
const named: readonly (readonly [pattern: RegExp, foreign: Foreign])[] = [
  [
    /\.etl$/i,
    {
      what: 'a trace of Event Tracing for Windows',
      remedy: 'Open it in PerfView, save it in the format of speedscope, and import that file.',
    },
  ],
  [
    /\.trace\/?$/i,
    {
      what: 'a recording of Instruments',
      remedy:
        'Export its samples with xctrace, fold them with inferno-collapse-xctrace, and import the output.',
      command:
        "xctrace export --input 'FILE' --xpath '/trace-toc/run[1]/data/table[@schema=\"time-profile\"]' >profile.xml",
    },
  ],
  [
    /\.apc\/?$/i,
    {
      what: 'a capture of Arm Streamline',
      remedy: viaPerf,
    },
  ],
  [
    /\.(vtune|amplxe)\/?$/i,
    {
      what: 'a result of VTune',
      remedy:
        'Export its call stacks as CSV and fold them with stackcollapse-vtune.pl of the FlameGraph scripts.',
    },
  ],
  [
    /\.(caperf|prd)$/i,
    {
      what: 'a recording of AMD uProf',
      remedy: viaPerf,
    },
  ],
];

/** Recognizes files and folders that can't be imported by their name, after their content. */
export function foreignName(file: string): Foreign | undefined {
  return named.find(([pattern]) => pattern.test(file))?.[1];
}
