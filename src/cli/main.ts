import { createProgram } from './program.js';
import { start } from './start.js';

// The files of the panel are built into the same folder.
start((signal) => createProgram(signal, __dirname));
