import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The Dockerfile's instructions in order, continued lines joined, comments left out. */
export const readDockerfile = (): readonly Instruction[] =>
  readFileSync(join(__dirname, '../../Dockerfile'), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.trim().split(/\s+/);
      return { name, rest: rest.join(' ') };
    });

/** The instructions of a stage, its FROM first. */
export function stageOf(name: string): readonly Instruction[] {
  const all = readDockerfile();
  const from = all.findIndex((one) => one.name === 'FROM' && one.rest.endsWith(` AS ${name}`));
  if (from === -1) throw new Error(`The Dockerfile has no stage "${name}".`);
  const length = all.slice(from + 1).findIndex((one) => one.name === 'FROM');
  return length === -1 ? all.slice(from) : all.slice(from, from + 1 + length);
}

/** What a stage's instructions of a kind say. */
export const inStage = (stage: string, name: string): readonly string[] =>
  stageOf(stage)
    .filter((instruction) => instruction.name === name)
    .map(({ rest }) => rest);
