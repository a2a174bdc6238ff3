// Steps of a hand, timed in the page.
/* global requestAnimationFrame */

/**
 * From the event to the end of the frame it leads to: handlers, layout, drawing, in milliseconds of the page's thread.
 * @param act is given the number of the step; runs in the page
 */
export const interact = (page, count, act) =>
  page.evaluate(
    async ([n, source]) => {
      const step = new Function(`return (${source})`)();
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const times = [];
      for (let i = 0; i < n; i++) {
        await frame();
        await new Promise((resolve) => setTimeout(resolve, 0));
        const started = performance.now();
        step(i);
        // Frameworks put off their rendering to a microtask.
        await undefined;
        const handled = performance.now() - started;
        // Drawing happens in the next animation frame: its cost counts, the wait for the screen does not.
        const drawing = await new Promise((resolve) =>
          requestAnimationFrame(() => {
            const from = performance.now();
            document.body.getBoundingClientRect();
            setTimeout(() => resolve(performance.now() - from), 0);
          }),
        );
        times.push(handled + drawing);
      }
      return times;
    },
    [count, act.toString()],
  );

/** MiB of typed arrays and heap after a collection. */
export async function memoryOf(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await client.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1048576;
}
