import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes an executable shell script. */
export function writeProgram(path: string, ...lines: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  return path;
}

/** What a working `temporal --version` looks like. */
export const SAYS_ITS_VERSION = 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"';
