import * as z from 'zod';

// Imported before any schema is made. Compiled validators need `eval`, which zod finds out about by asking for
// `navigator`: VS Code's extension host reports that as an error. What is validated here is small.
z.config({ jitless: true });
