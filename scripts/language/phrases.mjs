// What the project's texts do not say, and what to write instead. Read by `check.mjs`.

/**
 * @typedef {object} Phrase
 * @property {string} not a regular expression without its word boundaries; a space stands for any white space, also
 *   the end of a line in a comment. `{}` stands for a value in a template, a digit, or a conversion of printf.
 * @property {string} write what to write instead
 * @property {boolean} [names] true where identifiers and names of files must not contain the word either
 */

/** One word for one thing. */
const terms = [
  { not: 'specimens?', write: 'sample allocator', names: true },
  { not: 'contestants?', write: 'competitor', names: true },
  { not: 'rivals?', write: 'competitor (the option stays `--rivals`)' },
  { not: 'uncategori[sz]ed', write: 'Other', names: true },
  { not: 'believed', write: 'significant (FDR 5%)' },
  { not: 'beyond (the )?noise', write: 'significant (FDR 5%)' },
  { not: 'own (share|cost|time)s?(?! zone)', write: 'self share, self cost, self time' },
  { not: 'whole (shares?|cost)', write: 'total share, total cost' },
  { not: 'false discovery rate of 5 ?%', write: 'significant (FDR 5%)' },
];

/** Number, then unit: `98.4M ops/s`, `12.3%`, `1.2 ms`, `95% CI 97.1M–99.8M`. */
const numbers = [
  { not: '{} %(?![\\w({])', write: 'no space before the percent sign: 12.3%' },
  { not: '{} [MG] ops/s', write: 'no space before the scale letter: 98.4M ops/s' },
  { not: '{}M? … {}', write: 'an en dash between the ends of an interval: 97.1M–99.8M' },
  { not: '95 ?% intervals?', write: '95% CI' },
  { not: 'million (operations|ops) (a|per) second', write: '98.4M ops/s' },
];

/** Translated idiom. */
const idiom = [
  { not: 'to blame', write: 'responsible' },
  { not: 'what is no', write: 'anything that isn’t a …' },
  {
    not: '(?<!there |that )(is|are) no (?!longer|more|less|better|worse|wider|narrower|larger|smaller|faster|slower|different)[a-z]+',
    write: 'isn’t a …, or there is no …',
  },
  { not: 'as nothing is', write: 'because everything is blocked' },
  {
    not: '(is|are|be|was|were) told(?! apart| from| to)',
    write: 'is announced to, is notified of, is recognized by',
  },
  { not: 'on (its|their) way', write: 'loading, in progress' },
  { not: '(it|process) lives on', write: 'is left running' },
  { not: '(brings?|brought) along', write: 'ships with' },
  { not: '(is|are|was|were|be) looked at', write: 'is viewed, shown, examined, read' },
  { not: '(is|are) none of(?! (them|these|those|which))', write: 'isn’t one of' },
  { not: 'in silence', write: 'silently' },
  { not: 'anew', write: 'again, from scratch' },
  { not: 'all the same', write: 'anyway, still' },
  { not: 'when (it is |they are )?absent', write: 'if omitted' },
  { not: '(file|format|version) of today', write: 'the current format' },
  { not: 'the whole is (seen|shown)', write: 'zoomed out to all' },
  { not: 'for figures of|of what it is now', write: 'to update' },
  { not: 'shows? (its|their) own', write: 'like `profile`' },
  { not: 'let the last line', write: 'print … as the last line' },
  { not: 'of its boxes and bars', write: 'color of boxes and bars' },
  { not: 'chosen by the lab', write: 'automatic' },
  { not: 'whose code', write: 'which code' },
  { not: 'whether it is there', write: 'whether it is available' },
  { not: 'holds? in (all|every)', write: 'applies to every' },
  { not: '(comes?|came) to the front', write: 'is shown, is activated' },
  { not: 'what there is', write: 'the available …' },
  { not: 'mend(s|ed|ing)?', write: 'fix' },
];

/** American spelling in the whole project. */
const american = [
  ['colour(s|ed|ing|ful|less)?', 'color', true],
  ['behaviour(s|al)?', 'behavior', true],
  ['licence(s|d)?', 'license', true],
  ['cancell(ed|ing)', 'canceled, canceling', true],
  ['label(led|ling)', 'labeled, labeling', true],
  ['model(led|ling)', 'modeled, modeling', true],
  ['signal(led|ling)', 'signaled, signaling', true],
  ['travel(led|ling)', 'traveled', true],
  ['total(led|ling)', 'totaled', true],
  ['level(led|ling)', 'leveled', true],
  ['marshal(led|ling)', 'marshaled', true],
  ['centre(s|d)?', 'center', true],
  ['grey(s|ed)?', 'gray', true],
  ['favour(s|ed|ite|ites|able)?', 'favor', true],
  ['honour(s|ed|ing)?', 'honor', true],
  ['neighbour(s|ing|hood)?', 'neighbor', true],
  ['catalogue(s|d)?', 'catalog', true],
  ['dialogue(s)?', 'dialog', true],
  ['analys(e|ed|er|ing)', 'analyze', true],
  [
    '(optim|organ|recogn|initial|normal|serial|summar|symbol|minim|maxim|custom|special|real|visual|categor|priorit|synchron|util|general|parallel|capital|token|final|random|material|canonical|author|local|global|character|standard|equal|stabil|vector|linear|quant|anonym|memo)is(e|es|ed|er|ers|ing|ation|ations)',
    '-ize, -ization',
    true,
  ],
  ['emphasis(e|ed|ing)', 'emphasize', true],
  ['metres?', 'meter', true],
  ['fibres?', 'fiber', true],
  ['judgement(s)?', 'judgment', true],
  ['artefact(s)?', 'artifact', true],
  ['whilst', 'while', false],
  ['amongst', 'among', false],
  ['programmes?', 'program', true],
  ['(de|of)fences?', 'defense, offense', true],
  ['practise(s|d)?', 'practice', true],
  ['ageing', 'aging', true],
  ['fulfil', 'fulfill', true],
  ['skilful', 'skillful', true],
  ['enrol', 'enroll', true],
  ['learnt|spelt|burnt|dreamt', 'learned, spelled, burned, dreamed', false],
].map(([not, write, names]) => ({ not, write, names }));

/** @type {Phrase[]} */
export const phrases = [...terms, ...numbers, ...idiom, ...american];

/**
 * Where a phrase is right, with the reason. `in` is a pattern of the path, `text` of the line.
 * @type {{ not: string, in: string, text: string, why: string }[]}
 */
export const allowed = [
  { not: 'rivals?', in: '.', text: '--rivals', why: 'the name of the option on the command line' },
  { not: 'rivals?', in: '.', text: '[\'"`.]rivals[\'"`%]', why: 'the key in lab files, and of the setting' },
  {
    not: 'centre(s|d)?',
    in: 'importForeign',
    text: 'CENTRE',
    why: 'what a file of another tool begins with',
  },
];
