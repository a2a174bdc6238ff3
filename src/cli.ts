// Two programs, each with all that it needs: importing a profile loads a third of the other.
if (process.argv[2] === 'import') void import('./cli/importMain.js');
else void import('./cli/main.js');

export {};
