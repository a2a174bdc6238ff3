/**
 * What the experiment view shows: a comparison, a matrix, a gate, or a history, as text, charts, and tables. The core makes
 * it and the webview draws it, so that a new kind of experiment needs no new view. All of it is data, never markup.
 */

export interface ExperimentPage {
  readonly title: string;
  /** While it is being measured: what is going on, and for how long. */
  readonly progress: string | null;
  readonly headline: Headline | null;
  readonly paragraphs: readonly string[];
  readonly parts: readonly PagePart[];
  readonly actions: readonly PageAction[];
}

export type Tone = 'good' | 'bad' | 'neutral';

export interface Headline {
  /** Never told by color alone: the word says it, too. */
  readonly word: string;
  readonly text: string;
  readonly tone: Tone;
}

/** A button; what it does is known to the host. */
export interface PageAction {
  readonly id: string;
  readonly label: string;
  readonly primary: boolean;
}

export type PagePart = Table | Narrowing | Distribution | Effects | Timeline | HeatMap;

interface Part {
  readonly title: string;
  /** What is seen in it, in a sentence. */
  readonly note?: string;
}

export interface Table extends Part {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** Indexes of columns of numbers. */
  readonly numbers: readonly number[];
  readonly rows: readonly (readonly string[])[];
}

/** An interval that narrows pair by pair. Ratios of speed, B over A. */
export interface Narrowing extends Part {
  readonly kind: 'narrowing';
  readonly margin: number;
  /** `low` and `high` are null while the interval is unbounded. */
  readonly pairs: readonly {
    readonly ratio: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** Each measured process as a dot. */
export interface Distribution extends Part {
  readonly kind: 'distribution';
  readonly unit: string;
  readonly rows: readonly {
    readonly label: string;
    readonly values: readonly number[];
    readonly median: number;
  }[];
}

/** Ratios with their intervals, one below another. */
export interface Effects extends Part {
  readonly kind: 'effects';
  readonly margin: number;
  readonly rows: readonly {
    readonly label: string;
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly shown: boolean;
  }[];
}

/** Values over runs, in the order of time. */
export interface Timeline extends Part {
  readonly kind: 'timeline';
  readonly unit: string;
  readonly points: readonly {
    readonly label: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
    /** What is different from the run before; empty if nothing is known to be. */
    readonly differences: readonly string[];
    /** A change point: the runs from here on differ from those before. */
    readonly change: boolean;
  }[];
}

/** Speeds of all combinations, relative to the fastest. */
export interface HeatMap extends Part {
  readonly kind: 'heatMap';
  /** Of the first options, whose values are in `rows` and `columns`. */
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  /** By row, then column; null for a combination that isn't part of the design. */
  readonly cells: readonly (readonly ({ readonly text: string; readonly ofBest: number } | null)[])[];
}

/** Extension host to the experiment view. */
export interface ExperimentHostMessage {
  readonly type: 'page';
  readonly page: ExperimentPage;
}

/** Experiment view to the extension host. */
export type ExperimentViewMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'action'; readonly id: string }
  | { readonly type: 'failed'; readonly text: string };
