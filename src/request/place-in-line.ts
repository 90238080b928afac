import { z } from 'zod';
import { MAX_TEAM_BYTES, PRIORITIES, type Priority } from '../contract/operations';
import { parse } from './parse';

const WORDS = Object.keys(PRIORITIES) as readonly Priority[];

const priority = z.enum(WORDS, { error: WORDS.join(', ') });

/**
 * Parses how urgent a request is.
 * @throws RequestInvalid
 */
export const parsePriority = (value: unknown): Priority => parse(priority, value, 'priority');

const error = `a team of 1 to ${MAX_TEAM_BYTES} bytes without control characters`;

const team = z
  .string({ error })
  .regex(/^[^\p{Cc}]+$/u, { error })
  .refine((name) => new TextEncoder().encode(name).length <= MAX_TEAM_BYTES, { error });

/**
 * Parses for which team a request is.
 * @throws RequestInvalid
 */
export const parseTeam = (value: unknown): string => parse(team, value, 'team');
