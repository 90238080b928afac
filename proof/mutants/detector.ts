import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant';

export const DETECTORS = ['tier 0', 'tier 1', 'tests', 'tier 2'] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** Something that must fail on a mutant: a command with a time limit. One that hangs has noticed something, too. */
export interface Detector {
  readonly name: DetectorName;
  readonly limitMs: number;
  /** Whether it runs the built program, workflows bundled. */
  readonly runsBuilt: boolean;
  /** Undefined where it has nothing to say about these mutants. */
  readonly command: (mutants: readonly Mutant[], seed: number) => readonly string[] | undefined;
}

const JEST = 'node_modules/jest/bin/jest.js';
const PROOF = 'proof/main.ts';
/** Schedules of tier 1 for each mutant: a hundredth of a night's, seconds. */
const SCHEDULES = 1_000;
/** What survives everything else has to be caught in so many rounds. */
const ROUNDS = 20;

/** The detectors in the order in which they are asked: the cheap ones first. Those of parts that are not there are left out. */
export const detectorsOf = (root: string): readonly Detector[] => [
  {
    name: 'tier 0',
    limitMs: 180_000,
    runsBuilt: false,
    command: (_, seed) => tierOf(root, 'model', 0, seed) ?? jestOf(['unit/workflows/explore.test.ts']),
  },
  {
    name: 'tier 1',
    limitMs: 300_000,
    runsBuilt: false,
    command: (_, seed) => tierOf(root, 'simulation', 1, seed, '--schedules', String(SCHEDULES)),
  },
  {
    name: 'tests',
    limitMs: 600_000,
    runsBuilt: false,
    command: (mutants) => jestOf([...new Set(mutants.flatMap(({ tests }) => tests))]),
  },
  {
    name: 'tier 2',
    limitMs: 1_800_000,
    runsBuilt: true,
    command: (_, seed) => tierOf(root, 'processes', 2, seed, '--rounds', String(ROUNDS)),
  },
];

const tierOf = (
  root: string,
  folder: string,
  tier: number,
  seed: number,
  ...more: readonly string[]
): readonly string[] | undefined =>
  existsSync(join(root, PROOF)) && existsSync(join(root, 'proof', folder))
    ? [process.execPath, '--import', 'tsx', PROOF, '--tier', String(tier), '--seed', String(seed), ...more]
    : undefined;

const jestOf = (files: readonly string[]): readonly string[] | undefined =>
  files.length === 0
    ? undefined
    : [
        process.execPath,
        JEST,
        '--forceExit',
        '--bail',
        '--selectProjects',
        'unit',
        'workflow',
        '--',
        ...files.map((file) => `test/${file}`),
      ];
