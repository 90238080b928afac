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
import { Declarations } from './declarations';
import type { Mutant } from './mutant';
import { patchedSources } from './patched-sources';
import { runCommand } from './run-command';

const ROOT = join(__dirname, '../..');
/** What the detectors read; everything installed is linked. */
const COPIED = [
  'src',
  'packages',
  'dist',
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
  private readonly declarations = new Declarations(this.root);
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
    for (const [file, source] of patchedSources(this.root, this.declarations, patches)) {
      this.remember(file);
      writeFileSync(join(this.root, file), source);
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
    for (const { declaration } of patches) this.transpile(this.declarations.find(declaration).file);
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
    return [...patchedSources(this.root, this.declarations, patches)].map(([file, source]) => {
      const path = join(this.root, file.replace(/\.ts$/, `.mutant-${index}.ts`));
      writeFileSync(path, source);
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
