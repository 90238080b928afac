import type { Frame, Page } from 'playwright-core';
import type { OperationStatus } from '../../src/client';
import { eventually } from '../environment/eventually';

type Tab = 'history' | 'pending-activities' | 'user-metadata' | 'search-attributes';

/** The UI loads itself anew, asks the server, and for current details a worker; all on a machine that others use. */
const SHOWN_WITHIN_MS = 90_000;
/** What is not there by then is asked for again: the state may be newer than the page. */
const RELOAD_AFTER_MS = 15_000;
/** Where a page ends whose texts are in frames of their own. */
const NAVIGATION_MS = 20_000;

/** One tab of a run in Temporal's UI, read as a person does: by the text that is visible. */
export class RunPage {
  constructor(
    readonly page: Page,
    private readonly uiUrl: string,
  ) {}

  /** Opens the tab and waits until all of the texts are visible at once; resolves with everything that is. */
  async opened(
    { workflowId, runId }: Pick<OperationStatus, 'workflowId' | 'runId'>,
    tab: Tab,
    texts: readonly string[],
  ): Promise<string> {
    return this.shown(`/namespaces/default/workflows/${workflowId}/${runId}/${tab}`, texts);
  }

  /** Opens the list of the workflows that a query finds. */
  listed(query: string, texts: readonly string[]): Promise<string> {
    return this.shown(`/namespaces/default/workflows?query=${encodeURIComponent(query)}`, texts);
  }

  /** The frame with a text that is rendered as Markdown. */
  async frameWith(text: string): Promise<Frame> {
    for (const frame of this.page.frames())
      if (frame !== this.page.mainFrame() && (await visibleText(frame)).includes(text)) return frame;
    throw new Error(`no frame shows "${text}"`);
  }

  private async shown(path: string, texts: readonly string[]): Promise<string> {
    let loadedAt = Number.NEGATIVE_INFINITY;
    let seen = '';
    try {
      return await eventually(
        'the texts are visible',
        async () => {
          if (performance.now() - loadedAt > RELOAD_AFTER_MS) {
            await this.page.goto(this.uiUrl + path, { waitUntil: 'commit', timeout: NAVIGATION_MS });
            loadedAt = performance.now();
          }
          seen = await this.visible();
          return texts.every((text) => seen.includes(text)) && seen;
        },
        SHOWN_WITHIN_MS,
      );
    } catch (error) {
      const missing = texts.filter((text) => !seen.includes(text));
      throw new Error(`${path} does not show ${JSON.stringify(missing)}, but:\n${seen}`, { cause: error });
    }
  }

  /** The text of the page and of its frames, one after the other, with single blanks. */
  private async visible(): Promise<string> {
    const all = await Promise.all(this.page.frames().map(visibleText));
    return all.join('\n');
  }
}

/** A frame that is being replaced has none. */
async function visibleText(frame: Frame): Promise<string> {
  try {
    const text = await frame.evaluate<string>("document.body?.innerText ?? ''");
    return text.replaceAll(/[^\S\n]+/g, ' ');
  } catch {
    return '';
  }
}
