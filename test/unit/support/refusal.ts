import { expect } from 'vitest';
import { LabError } from '../../../src/core/labError.js';

export const bytes = (text: string) => Buffer.from(text);

/** The error that reading gives. */
export function refusal(read: () => unknown): LabError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  }
  throw new Error('it was read');
}

/** The error that an action ends with. */
export async function failure(action: Promise<unknown>): Promise<LabError> {
  const error = await action.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}
