/** Why something is missing, as a phrase after a colon, and what to do. */
export interface Cause {
  readonly why: string;
  readonly remedy: string;
}

/** A separate file with symbols (`.gnu_debuglink`). */
export interface Unlinked {
  readonly name: string;
  /** Where one of this name is that doesn't match; undefined if there is none. */
  readonly other: string | undefined;
}

/** What a module's files tell about the names and lines of its functions. */
export interface ModuleFacts {
  /** Why its file can't be used, as a phrase that follows its name. */
  readonly unread?: string;
  /** Of code that isn't in a file. */
  readonly unnamed?: Cause;
  /** It has only the names that it exports. */
  readonly stripped?: boolean;
  /** The separate file that it names isn't used: it doesn't exist, or is of another build. */
  readonly unlinked?: Unlinked;
  /** It, or its separate file, has debug information. */
  readonly hasLines?: boolean;
  /** It has debug information, and no tool found anything in it. */
  readonly unreadableLines?: boolean;
  /** Since the compiler put parts of it into .dwo files. */
  readonly splitLines?: boolean;
}
