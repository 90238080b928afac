import type { Context } from '@temporalio/activity';
import type { Waited } from '../contract/activities';
import type { WatchNews } from '../vsphere';

/** A wait that has read nothing for so long lets its run show as blocked; shorter outages are not worth an event. */
const SHOWN_AS_BLOCKED_AFTER_MS = 30_000;

interface Blocked {
  readonly taskId: string;
  readonly runId: string;
  /** Whether the run shows it already. */
  readonly shown: boolean;
  readonly unreadableBudgetMs: number;
}

/** Tells when a wait becomes blocked, or is no longer, or will hardly ever read anything. */
export class Blockage {
  private since: number | undefined;
  private unreadableSince: number | undefined;

  constructor(
    private readonly blocked: Blocked,
    /** This attempt's: the news come from the watcher's poll, where the current context is another attempt's. */
    private readonly log: Context['log'],
    private readonly change: (waited: Waited) => void,
  ) {}

  hear(news: WatchNews): void {
    if (news.kind === 'progress') {
      this.since = undefined;
      this.unreadableSince = undefined;
      if (this.blocked.shown) this.change({ kind: 'unblocked' });
      return;
    }
    const { taskId, runId, shown, unreadableBudgetMs } = this.blocked;
    this.since ??= performance.now();
    // Only while the server is there and answers: an outage says nothing about what can be read.
    this.unreadableSince =
      news.error.kind === 'malformed' ? (this.unreadableSince ?? performance.now()) : undefined;
    if (shown && performance.now() - (this.unreadableSince ?? Infinity) >= unreadableBudgetMs)
      return this.change({ kind: 'unreadable', taskId, runId, message: news.error.message });
    if (shown || performance.now() - this.since < SHOWN_AS_BLOCKED_AFTER_MS) return;
    this.log.error('wait blocked', { error: news.error.message });
    this.change({ kind: 'blocked', message: news.error.message });
  }
}
