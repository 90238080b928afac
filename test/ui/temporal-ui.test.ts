import type { Frame } from 'playwright-core';
import { launchBrowser, type LaunchedBrowser } from './launch-browser';
import { openUiEnvironment, type UiEnvironment } from './ui-environment';
import { RunPage } from './run-page';
import { playAll, type Scene, type SceneName } from './scenes';

/** Nine operations come to their states at once, one of them by a blockage of 30 s. */
jest.setTimeout(300_000);

/** `npm test` says so where no browser is found; a run of this project alone fails instead. */
const describeInBrowser = process.env['SNAPFLOW_UI_TESTS'] === 'skip' ? describe.skip : describe;

/** Longer than the tests: a task ends when its scene says so, and its percent moves every six seconds. */
const TASK_MS = 600_000;

let environment: UiEnvironment;
let browser: LaunchedBrowser;
let page: RunPage;
let scenes: Readonly<Record<SceneName, Scene>>;

/** A pane cuts off what is below its end, where nobody sees that there is more. */
const hiddenPixels = (frame: Frame): Promise<number> =>
  frame.evaluate<number>(
    `Math.max(...[...document.querySelectorAll('li, p')]
      .filter((text) => text.innerText.trim() !== '')
      .map((text) => text.getBoundingClientRect().bottom)) - window.innerHeight`,
  );

describeInBrowser('in the Temporal UI, in a browser,', () => {
  beforeAll(async () => {
    browser = await launchBrowser({ width: 1280, height: 1000 });
    environment = await openUiEnvironment();
    page = new RunPage(await browser.context.newPage(), environment.uiUrl);
    for (const site of [environment.control, environment.branch]) await site.settings({ cloneMs: TASK_MS });
    scenes = await playAll(environment);
  });

  afterAll(async () => {
    await browser?.close();
    await environment?.close();
  });

  test.each<[SceneName, readonly string[]]>([
    [
      'running',
      [
        'clone web-01 @ nightly-0412 -> ci-42',
        'Phase: wait · the snapshot appliance works on the task of clone ci-42',
        'Percent: see the heartbeat details under Pending Activities',
        'Next: the result is read from vSphere and verified',
        'If it is stuck: it is shown as overdue after 60 min and never failed by time. snapflow cancel build-42',
        'In a shell: snapflow status build-42',
      ],
    ],
    [
      'overdue',
      [
        'clone web-03 @ latest -> ci-43',
        'Phase: wait · OVERDUE · the task of clone ci-43 takes longer than 2 s. It goes on, and time alone never fails it',
        'If it is stuck: look at the task in vSphere',
        'snapflow cancel build-43 --connection lab',
      ],
    ],
    [
      'needs-decision',
      [
        'clone web-02 @ latest -> ci-44',
        'Phase: start · NEEDS-DECISION · it is unknown whether this request had its effect',
        'A person has to decide.',
        'this machine is the request’s clone',
        'snapflow resolve build-44 --repeat there was no effect: make it again',
        'snapflow resolve build-44 --abandon give up; nothing is deleted',
      ],
    ],
    [
      'blocked',
      [
        'clone app-01 @ latest -> ci-45',
        'Phase: wait · BLOCKED · the task of clone ci-45 cannot be read:',
        '503',
        'Next: it reads again and again, and goes on by itself',
        'If it is stuck: bring back what the message names (host, login or privilege)',
      ],
    ],
    [
      'queued',
      [
        'Phase: exclusion · QUEUED · another open request holds the lock snapflow-lock:default:clone:ci-460',
        'If it is stuck: the heartbeat under Pending Activities names the run in the way',
        'snapflow cancel build-46 stops queueing',
      ],
    ],
    [
      'compensating',
      [
        'Phase: wait · COMPENSATING · the snapshot appliance works on the task of clone ci-47',
        'Stop: a cancel or the deadline has arrived. It takes effect once the outcome of the request is known',
      ],
    ],
    [
      'not undone',
      [
        'Phase: compensate · BLOCKED · cannot delete the clone vm-',
        '403',
        'If it is stuck: correct what the message says',
      ],
    ],
    ['succeeded', ['clone app-03 @ latest -> ci-48', 'Phase: ended · succeeded']],
    [
      'failed',
      [
        'Phase: ended · failed with TaskFailed: ',
        'The task was made to fail through the control API',
        'Effect on vSphere: none',
        'What to do: Act on the server’s text in the message, then repeat with --again.',
      ],
    ],
  ])('one that is %s says so, since when and what to do, with nothing cut off', async (name, texts) => {
    const shown = await page.opened(scenes[name].status, 'user-metadata', [...texts, 'Since: 20']);
    expect(shown).toMatch(/Since: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    expect(await hiddenPixels(await page.frameWith('Phase: '))).toBeLessThanOrEqual(0);
    expect(await hiddenPixels(await page.frameWith('In a shell: '))).toBeLessThanOrEqual(0);
  });

  test('those with a task name it where a person looks for it', async () => {
    for (const name of ['running', 'overdue', 'blocked'] as const) {
      const { status } = scenes[name];
      expect(status.taskId).toMatch(/^\S+:com\.vmware\.snapservice$/);
      await page.opened(status, 'user-metadata', [`Task: ${status.taskId}`]);
    }
  });

  test('the one that needs a decision offers the machine that it found', async () => {
    const { clone } = scenes['needs-decision'];
    const candidates = (await clone.overview()).question?.candidates ?? [];
    const machine = candidates.find((candidate) => /^vm-\d+$/.test(candidate));
    await page.opened(scenes['needs-decision'].status, 'user-metadata', [
      `Candidates: ${candidates.join(', ')}`,
      `snapflow resolve build-44 --vm ${machine} this machine is the request’s clone`,
    ]);
  });

  test('a wait shows percent, status, the words of the service and the task as pending activity', async () => {
    const { status } = scenes.running;
    const shown = await page.opened(status, 'pending-activities', [
      'awaitTask',
      '"status": "RUNNING"',
      `"taskId": "${status.taskId}"`,
      'linked_clone of vm-1001: ',
    ]);
    expect(Number(/"percent": (\d+)/.exec(shown)?.[1])).toBeGreaterThan(0);
  });

  test('a wait that reads nothing shows why as pending activity, and a queueing one who is in its way', async () => {
    await page.opened(scenes.blocked.status, 'pending-activities', ['"condition": "blocked"', '503']);
    await page.opened(scenes.queued.status, 'pending-activities', ['held by snapflow:default:build-460']);
  });

  test.each<[SceneName, readonly string[]]>([
    [
      'running',
      [
        'reserves the name ci-42 while this run lasts',
        'check web-01 @ nightly-0412, the name ci-42, placement and privileges',
        'start the clone task: web-01 @ nightly-0412 -> ci-42',
        'wait for the task of clone ci-42',
      ],
    ],
    [
      'needs-decision',
      [
        'start the clone task: web-02 @ nightly-0412 -> ci-44',
        'safety wait: an unanswered call may still take effect',
        'check vSphere for what the start of clone ci-44 did',
      ],
    ],
    ['not undone', ['read the new machine vm-', 'delete the clone vm-']],
  ])('the timeline of one that is %s reads as its story', async (name, summaries) => {
    await page.opened(scenes[name].status, 'history', summaries);
  });

  test('its search attributes are on its page', async () => {
    await page.opened(scenes['needs-decision'].status, 'search-attributes', [
      '"SnapflowConnection": "default"',
      '"SnapflowOperation": "clone"',
      '"SnapflowVm": "web-02"',
      '"SnapflowName": "ci-44"',
      '"SnapflowState": "needs-decision"',
    ]);
  });

  test.each([
    ['SnapflowState = "needs-decision"', 'snapflow:default:build-44'],
    ['SnapflowState = "blocked" AND SnapflowConnection = "branch"', 'snapflow:branch:build-45'],
    ['SnapflowVm = "web-01"', 'snapflow:default:build-42'],
    ['SnapflowName = "ci-43" AND SnapflowOperation = "clone"', 'snapflow:lab:build-43'],
  ])('the list by %s has that run and no other', async (query, workflowId) => {
    const shown = await page.listed(query, [workflowId, '1 Running']);
    expect(new Set(shown.match(/snapflow:[a-z]+:build-\d+/g))).toEqual(new Set([workflowId]));
  });
});
