import {
  cpSync,
  existsSync,
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
  'packages',
  'test',
  'proof',
  'scripts',
  'package.json',
  'package-lock.json',
  'jest.config.js',
  'tsconfig.json',
  'tsconfig.build.json',
];
const BUILDING_MS = 120_000;

/** A copy of the repository in which one mutant at a time lives; the repository itself is never touched. */
export class MutatedCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'snapflow-mutants-'));
  private readonly undo: (() => void)[] = [];

  constructor() {
    const recorded = join(ROOT, 'test/unit/proof/rounds');
    for (const name of COPIED.filter((each) => existsSync(join(ROOT, each))))
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
  }

  /** Why mutants do not compile: such a one would be caught by anything, and shows nothing. One run of the compiler for all. */
  async whyNotCompiled(mutants: readonly Mutant[]): Promise<string | undefined> {
    const variants = mutants.flatMap((mutant, index) => this.variantsOf(mutant, index));
    const tsc = join(this.root, 'node_modules/typescript/bin/tsc');
    const { code, output } = await runCommand(
      [process.execPath, tsc, '-p', 'tsconfig.build.json', '--noEmit'],
      {
        cwd: this.root,
        limitMs: BUILDING_MS,
      },
    );
    for (const path of variants) rmSync(path);
    return code === 0
      ? undefined
      : output.replaceAll(/mutant-(\d+)/g, (at, index: string) => mutants[Number(index)]?.name ?? at);
  }

  /** For what runs the built program; the tests and the tiers before it read the sources. */
  async compile({ patches }: Mutant): Promise<void> {
    for (const { file } of patches) this.transpile(file);
    const { code, output } = await runCommand([process.execPath, 'scripts/bundle-workflows.mjs'], {
      cwd: this.root,
      limitMs: BUILDING_MS,
    });
    if (code !== 0) throw new Error(`The mutated workflows cannot be bundled: ${output}`);
  }

  restore(): void {
    for (const undo of this.undo.splice(0).toReversed()) undo();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private transpile(file: string): void {
    const { code } = transformFileSync(join(this.root, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    const built = file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');
    this.remember(built);
    writeFileSync(join(this.root, built), code);
  }

  /** Beside their originals, so that they import what those import. */
  private variantsOf({ patches }: Mutant, index: number): readonly string[] {
    const files = [...new Set(patches.map(({ file }) => file))];
    return files.map((file) => {
      const original = readFileSync(join(this.root, file), 'utf8');
      const ofFile = patches.filter((patch) => patch.file === file);
      const path = join(this.root, file.replace(/\.ts$/, `.mutant-${index}.ts`));
      writeFileSync(path, ofFile.reduce(patched, original));
      return path;
    });
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
