import { access, constants } from 'node:fs/promises';

export function exists(file: string): Promise<boolean> {
  return hasAccess(file, constants.F_OK);
}

export function isExecutable(file: string): Promise<boolean> {
  return hasAccess(file, constants.X_OK);
}

function hasAccess(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}
