import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';
import type { Mutant, Patch } from './mutant';
import { runCommand } from './run-command';

const ROOT = join(__dirname, '../..');
/** What the detectors read; everything installed is linked. */
const COPIED = [
  'src',
  'dist',
  'test',
  'proof',
  'scripts',
  'package.json',
  'package-lock.json',
  'jest.config.js',
  'tsconfig.json',
  'tsconfig.test.json',
];
const BUNDLING_MS = 120_000;

/** A copy of the repository in which one mutant at a time lives; the repository itself is never touched. */
export class MutatedCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'snapflow-mutants-'));
  private readonly undo: (() => void)[] = [];

  constructor() {
    const recorded = join(ROOT, 'test/unit/proof/rounds');
    for (const name of COPIED)
      cpSync(join(ROOT, name), join(this.root, name), {
        recursive: true,
        preserveTimestamps: true,
        filter: (path) => relative(recorded, path).startsWith('..'),
      });
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'));
  }

  apply({ patches }: Mutant): void {
    for (const { file } of patches) this.remember(file);
    for (const patch of patches) {
      const path = join(this.root, patch.file);
      writeFileSync(path, patched(readFileSync(path, 'utf8'), patch));
    }
    for (const { file } of patches) this.compile(file);
  }

  /** Why the mutant does not compile: such a one would be caught by anything, and shows nothing. */
  async whyNotCompiled(): Promise<string | undefined> {
    const tsc = join(this.root, 'node_modules/typescript/bin/tsc');
    const { code, output } = await runCommand([process.execPath, tsc, '-p', 'tsconfig.json', '--noEmit'], {
      cwd: this.root,
      limitMs: BUNDLING_MS,
    });
    return code === 0 ? undefined : output;
  }

  /** For what runs the built program; the tests bundle the sources themselves. */
  async bundle(): Promise<void> {
    const { code, output } = await runCommand([process.execPath, 'scripts/bundle-workflows.mjs'], {
      cwd: this.root,
      limitMs: BUNDLING_MS,
    });
    if (code !== 0) throw new Error(`The mutated workflows cannot be bundled: ${output}`);
  }

  restore(): void {
    for (const undo of this.undo.splice(0).toReversed()) undo();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private compile(file: string): void {
    const { code } = transformFileSync(join(this.root, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    const built = file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');
    this.remember(built);
    writeFileSync(join(this.root, built), code);
  }

  /** With its times: what was built from it stays newer. */
  private remember(file: string): void {
    const path = join(this.root, file);
    const content = readFileSync(path);
    const { atime, mtime } = statSync(path);
    this.undo.push(() => {
      writeFileSync(path, content);
      utimesSync(path, atime, mtime);
    });
  }
}

/** The patch's text must stand there exactly once: a patch that has gone stale is an error, not a survivor. */
export function patched(source: string, { file, find, replace }: Patch): string {
  const found = source.split(find).length - 1;
  if (found !== 1)
    throw new Error(
      `The patch of ${file} applies ${found} times, not once: "${find}". Adapt it to the source.`,
    );
  return source.replace(find, () => replace);
}
