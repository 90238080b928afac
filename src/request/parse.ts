import type { z } from 'zod';
import { SnapflowError } from '../contract/errors';
import { showValue } from '../contract/text';

/** Two slips of the finger: more distance makes a suggestion a guess. */
const MAX_DISTANCE = 2;

/** The candidate that a misspelt word most likely meant, or undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const candidate of candidates) {
    const distance = editDistance(folded(word), folded(candidate));
    if (distance < bestDistance && distance < candidate.length) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `resource_pool`, `resource-pool` and `resourcePool` are one word to a reader. */
const folded = (word: string): string => word.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, '');

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** One field that cannot be right. */
export interface Problem {
  /** Path of the field, for example `name` or `request.deadlineMs`. */
  readonly field: string;
  /** Its value as it may be shown: shortened, control characters escaped, never the value of an unknown field. */
  readonly value: string;
  /** What would be right. */
  readonly remedy: string;
}

/**
 * A request has fields that cannot be right. Thrown before anything is started or changed. `problems` lists all of
 * them at once. It is a plain error: who meets it inside Temporal turns it into the failure of the same name.
 */
export class RequestInvalid extends SnapflowError {
  override readonly name = 'RequestInvalid';
  override readonly code = 'SNAPFLOW_REQUEST_INVALID';

  constructor(
    /** Every field that cannot be right, at most 20. */
    readonly problems: readonly Problem[],
  ) {
    super(problems.map(sentence).join(' '));
  }
}

const sentence = ({ field, value, remedy }: Problem): string =>
  value === '' ? `${field}: ${remedy}.` : `${field} is ${value}: ${remedy}.`;

/** More problems than this are no help. */
const MAX_PROBLEMS = 20;

/**
 * Parses a value and reports every wrong field at once.
 * @param root what the value itself is called in messages, for example `request`
 * @throws RequestInvalid
 */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, root: string): Output {
  const input = withoutUndefined(value);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, input, root, schema));
  throw new RequestInvalid(firstPerField(problems).slice(0, MAX_PROBLEMS));
}

/** An input has its request, and a request nothing below. The schema refuses what is nested deeper, however deep. */
const MAX_DEPTH = 4;

/** In JavaScript an option that is set to undefined is an option left out; JSON cannot even say it. */
function withoutUndefined(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === MAX_DEPTH)
    return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, withoutUndefined(field, depth + 1)]));
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown, root: string, schema: z.ZodType): Problem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    const value = valueAt(input, path);
    return [
      value === undefined
        ? { field: path.join('.') || root, value: '', remedy: `missing, give ${issue.message}` }
        : { field: path.join('.') || root, value: showValue(value), remedy: `give ${issue.message}` },
    ];
  }
  const known = fieldsAt(schema, path);
  return issue.keys.map((key) => ({
    field: showValue(key),
    value: '',
    remedy: unknownField(nearest(key, known), known),
  }));
}

function unknownField(guess: string | undefined, known: readonly string[]): string {
  if (guess !== undefined) return `no such field, did you mean ${guess}?`;
  return known.length === 0 ? 'no such field, leave it out' : `no such field, known are ${known.join(', ')}`;
}

const valueAt = (input: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    input,
  );

function fieldsAt(schema: z.ZodType, path: readonly string[]): string[] {
  const shape = path.reduce<unknown>((at, key) => shapeOf(at)?.[key], schema);
  return Object.keys(shapeOf(shape) ?? {});
}

/** The fields of an object schema, also through an optional around it. */
function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const holder = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown } | undefined;
  return holder?.shape ?? (holder?.unwrap === undefined ? undefined : shapeOf(holder.unwrap()));
}

const firstPerField = (problems: readonly Problem[]): Problem[] =>
  [...new Map(problems.toReversed().map((problem) => [problem.field, problem])).values()].toReversed();
