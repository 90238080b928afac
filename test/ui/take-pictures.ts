// npm run docs:pictures: writes docs/pictures/*.png, the states that the README and docs/operations.md show.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './launch-browser';
import { openUiEnvironment, type UiEnvironment } from './ui-environment';
import { RunPage } from './run-page';
import { playUndecided, playRunning, type Scene } from './scenes';

const FOLDER = join(__dirname, '../../docs/pictures');
/** Two thirds of it are at work within the first minute, while a heartbeat comes every five seconds. */
const TASK_MS = 45_000;
const WIDTH = 1280;
/** Where the menu at the left ends, and the bar at the top. */
const MENU = { x: 64, y: 66 };
const BLANK_BELOW = 16;

/** The page without what is the same on every page, down to the last of the texts. */
async function save(page: Page, file: string, lastText: string): Promise<void> {
  const last = await page.getByText(lastText, { exact: true }).last().boundingBox();
  if (last === null) throw new Error(`"${lastText}" is not on the page of ${file}`);
  const height = Math.ceil(last.y + last.height + BLANK_BELOW - MENU.y);
  await page.screenshot({
    path: join(FOLDER, file),
    clip: { ...MENU, width: WIDTH - MENU.x, height },
    animations: 'disabled',
  });
}

async function takePictures(env: UiEnvironment, page: RunPage): Promise<void> {
  const { status: undecided }: Scene = await playUndecided(env);
  await page.opened(undecided, 'user-metadata', ['Phase: start', 'In a shell: ', '--abandon']);
  await save(page.page, 'needs-decision.png', 'look for what the start of clone ci-44 did');
  await env.control.settings({ cloneMs: TASK_MS });
  const { status: running } = await playRunning(env);
  await page.opened(running, 'user-metadata', ['Phase: wait', 'In a shell: ', 'Next: ']);
  await save(page.page, 'running.png', 'wait for the task of clone ci-42');
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchBrowser({ width: WIDTH, height: 1_000 });
  try {
    const env = await openUiEnvironment();
    try {
      await takePictures(env, new RunPage(await browser.context.newPage(), env.uiUrl));
    } finally {
      await env.close();
    }
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
