import { config } from 'zod/mini';
import english from 'zod/v4/locales/en.js';

// What this project takes zod from: this is so set before the first schema is made.
// - The form with functions instead of methods, since bundles leave out what isn't called: a tenth of the code.
// - Messages in English; this form brings none.
// - No compiled validators. They need `eval`, which zod finds out about by asking for `navigator`: VS Code's extension
//   host reports that as an error. What is validated here is small.
config({ ...english(), jitless: true });

export * from 'zod/mini';
export { $ZodError, type $ZodIssue } from 'zod/v4/core';
