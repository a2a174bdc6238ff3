/** Source locations as text. */

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `pool_v1.c:120`, or only the file if the line is unknown. */
export function place(file: string, line: number): string {
  return line > 0 ? `${baseName(file)}:${String(line)}` : baseName(file);
}
