import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const { findChromium, NO_CHROMIUM } = require(join(__dirname, '../../scripts/find-chromium.js')) as {
  findChromium: () => string | undefined;
  NO_CHROMIUM: string;
};

/** A container's root has no sandbox and no GPU; the rest keeps it from asking the network for anything. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface LaunchedBrowser {
  readonly context: BrowserContext;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

/**
 * Starts the Chromium of this machine with an empty profile.
 * @throws Error with one sentence where there is none
 */
export async function launchBrowser(viewport: { width: number; height: number }): Promise<LaunchedBrowser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  const profile = await mkdtemp(join(tmpdir(), 'snapflow-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGUMENTS,
    viewport,
    deviceScaleFactor: 1,
    timezoneId: 'UTC',
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
