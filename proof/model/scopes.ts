import type { Operation } from '../../src/contract/operations';
import { SERVICE } from './server';
import type { Scope } from './world';

const OPERATIONS = Object.keys(SERVICE) as readonly Operation[];

const ALONE: Omit<Scope, 'title' | 'operation'> = {
  posts: 2,
  faults: 2,
  foreign: false,
  cancels: false,
  pauses: false,
  second: false,
  terminates: false,
  resets: 'none',
  ownName: false,
  renames: false,
  repeats: false,
  lagsAfterEnd: false,
};

const both = (title: string, bounds: Partial<Scope>): readonly Scope[] =>
  OPERATIONS.map((operation) => ({ ...ALONE, ...bounds, operation, title: `${operation}: ${title}` }));

const ownName = (title: string, bounds: Partial<Scope>): Scope => ({
  ...ALONE,
  ...bounds,
  ownName: true,
  operation: 'clone',
  title: `clone: own name, ${title}`,
});

/** What is walked to its end, every time. */
export const SCOPES: readonly Scope[] = [
  ...both('three attempts, a cancel', { posts: 3, cancels: true }),
  ...both('two attempts, one of them paused, a reset, a cancel', {
    pauses: true,
    resets: 'any',
    cancels: true,
  }),
  ...both('two requests for one target, a paused attempt', { second: true, pauses: true }),
  ...both('two requests for one target, a paused attempt, a reset', {
    second: true,
    pauses: true,
    resets: 'open',
    faults: 1,
  }),
  ...both('two attempts, one of them paused, another user, a cancel', {
    pauses: true,
    foreign: true,
    cancels: true,
  }),
  ...both('two requests for one target, a termination, then --again', {
    second: true,
    terminates: true,
    posts: 1,
    faults: 1,
    lagsAfterEnd: true,
  }),
  ...both('two requests for one target, a cancel, a closed run is reset', {
    second: true,
    cancels: true,
    resets: 'any',
    faults: 1,
  }),
  ownName('three attempts, a cancel', { posts: 3, cancels: true }),
  ownName('two attempts, one of them paused, a reset, a cancel', {
    pauses: true,
    resets: 'any',
    cancels: true,
  }),
  ownName('two requests that ask alike', { second: true, faults: 1 }),
  ownName('a machine that is renamed', { renames: true, cancels: true }),
  ownName('a termination, then --again', { terminates: true }),
  ownName('a call that is delivered twice, a cancel', { repeats: true, faults: 1, cancels: true }),
];
