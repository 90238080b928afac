import { join } from 'node:path';
import type { ChildGroup } from '../../packages/dev-server/src/child-group';
import { startNode } from './start-node';

/** The built program, as a user runs it. */
export const PROGRAM = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

/** Starts a command of it and resolves when its output matches; one that ends instead is an error. */
export const startProgram = (
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildGroup> => startNode([PROGRAM, ...args], ready, env);
