import { describe, expect, it } from 'vitest';
import { programsInPlan } from '../../../src/core/programs/makePlan.js';

/** As GNU Make 4.3 prints what it would do. */
const plan = `make: Entering directory '/w/copy'
make -C src all
make[1]: Entering directory '/w/copy/src'
gcc -O2    -c -o main.o main.c
gcc -o tool   main.o liblua.a -lm -Wl,-E
cc -shared -Wl,-soname=libx.so.1 main.o -o libx.so.1.2
ar rc libx.a main.o
g++ -O2 a.cpp \\
  b.cpp -o"../bin/a b"
make[1]: Leaving directory '/w/copy/src'
cc main.c -o ./top && ./top > table.h
cc -MM main.c -o main.d
for i in 1 2; do cc -o $i main.c; done
cc main.c -o /usr/local/bin/elsewhere
make: Leaving directory '/w/copy'
`;

describe('what make says it would do', () => {
  it('names the programs that are linked, by the folder that each sub-make is in', () => {
    expect(programsInPlan(plan, '/w/copy')).toEqual(['src/tool', 'bin/a b', 'top']);
  });

  it('is nothing for a folder that is up to date', () => {
    expect(programsInPlan("make: Nothing to be done for 'all'.\n", '/w/copy')).toEqual([]);
  });
});
