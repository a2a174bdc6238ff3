import { randomUUID } from 'node:crypto';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../../core/files.js';
import { LAB_FILE_NAME } from '../../core/lab/findLabFile.js';
import { LabError, messageOf } from '../../core/labError.js';

/**
 * The allocator that ships with the extension, for trying the lab without a program of one's own. Its packaged
 * sources are never built: what is opened is a copy in the extension's storage, one folder per version, so that an
 * update never overwrites a user's edits.
 */
export class SampleAllocator {
  /** Where the copy is or will be. */
  readonly folder: string;
  private readonly packagedFolder: string;

  constructor(extensionFolder: string, storageFolder: string, version: string) {
    this.packagedFolder = path.join(extensionFolder, 'native');
    this.folder = path.join(storageFolder, 'sample-allocator', version);
  }

  /**
   * Makes the copy unless it is there. Whole or not at all: another window may do the same at the same time.
   * @returns the copy's folder
   * @throws LabError `write-failed`
   */
  async copy(): Promise<string> {
    const labFile = path.join(this.folder, LAB_FILE_NAME);
    if (await exists(labFile)) return this.folder;
    const partial = `${this.folder}.partial-${randomUUID()}`;
    try {
      await mkdir(path.dirname(this.folder), { recursive: true });
      await cp(this.packagedFolder, partial, { recursive: true, filter: (source) => this.isSource(source) });
      await rename(partial, this.folder);
      return this.folder;
    } catch (cause) {
      await rm(partial, { recursive: true, force: true });
      if (await exists(labFile)) return this.folder;
      const message = vscode.l10n.t(
        'Could not copy the sources of the sample allocator to {0}.',
        this.folder,
      );
      throw new LabError('write-failed', message, {
        detail: messageOf(cause),
        remedy: {
          text: vscode.l10n.t(
            'Check that the folder is writable and the disk has free space, then try again.',
          ),
        },
        cause,
      });
    }
  }

  private isSource(source: string): boolean {
    const [top] = path.relative(this.packagedFolder, source).split(path.sep);
    return top !== 'build' && top !== '.hakmem-lab';
  }
}
