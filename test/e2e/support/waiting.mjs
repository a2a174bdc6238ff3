// Waiting for what a user would see, and saying what was awaited when it does not come.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Where screenshots of failures go; ignored by git. */
const artifacts = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../.artifacts');

/** Patience, not a promise: a busy machine does not fail a test. */
export const TIMEOUT = 60_000;

class NotSeen extends Error {}

let failures = 0;

/**
 * @typedef {ReturnType<typeof createWaiting>} Waiting
 *
 * @param {import('playwright-core').Page} page
 * @param {string[]} consoleErrors
 */
export function createWaiting(page, consoleErrors) {
  /**
   * Asks until the answer is neither undefined, null nor false. A check that throws has not answered yet.
   * @template T
   * @param {string} what completes "Waited for …"
   * @param {() => T | Promise<T>} check
   * @param {number} [timeout]
   * @returns {Promise<Exclude<NonNullable<T>, false>>}
   */
  async function until(what, check, timeout = TIMEOUT) {
    const end = Date.now() + timeout;
    let problem;
    for (;;) {
      try {
        problem = undefined;
        const answer = await check();
        if (answer !== undefined && answer !== null && answer !== false) {
          return /** @type {Exclude<NonNullable<T>, false>} */ (answer);
        }
      } catch (error) {
        if (error instanceof NotSeen) throw error;
        problem = error;
      }
      if (Date.now() > end) throw await explain(what, timeout, problem);
      await delay(100);
    }
  }

  /**
   * Does something whose own waiting has a limit, and explains a failure.
   * @template T
   * @param {string} what completes "Waited for …"
   * @param {(timeout: number) => Promise<T>} action
   * @param {number} [timeout]
   * @returns {Promise<T>}
   */
  async function step(what, action, timeout = TIMEOUT) {
    try {
      return await action(timeout);
    } catch (error) {
      throw error instanceof NotSeen ? error : await explain(what, timeout, error);
    }
  }

  /** @param {string} what @param {number} timeout @param {unknown} cause */
  async function explain(what, timeout, cause) {
    const name = `${++failures}-${what.replace(/[^\w]+/g, '-').slice(0, 60)}.png`;
    const file = await screenshot(path.join(artifacts, name)).catch((error) => `none (${error.message})`);
    const parts = [`Waited for ${what} (${timeout / 1000} s), and it did not come.`, `Screenshot: ${file}`];
    if (cause instanceof Error) parts.push(`Last problem: ${cause.message}`);
    if (consoleErrors.length > 0) parts.push(`Console errors:\n  ${consoleErrors.slice(-5).join('\n  ')}`);
    return new NotSeen(parts.join('\n'), { cause });
  }

  /** @param {string} file @returns {Promise<string>} the file */
  async function screenshot(file) {
    mkdirSync(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file, timeout: 10_000 });
    return file;
  }

  return { until, step, screenshot };
}

/** For a text that must be met exactly, or a pattern. @param {string | RegExp} wanted @param {string} text */
export function matches(wanted, text) {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}

/** The same as a pattern, for locators. @param {string | RegExp} wanted */
export function exactly(wanted) {
  if (wanted instanceof RegExp) return wanted;
  return new RegExp(`^\\s*${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** For a text that must be contained, or a pattern. @param {string | RegExp} wanted @param {string} text */
export function contains(wanted, text) {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
