import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { MEMO, SEARCH_ATTRIBUTES } from '../contract/names';
import type { Condition, Phase } from '../contract/progress';

const STATE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);

/** What a person sees of a run: current details (free), and on exceptions the memo and the search attribute. */
export class Status {
  private shownState: Condition | 'running' = 'running';

  /** `what`: one line of Markdown, with what to do when it is stuck. */
  set(phase: Phase, what: string, state: Condition | 'running' = 'running'): void {
    setCurrentDetails(`**${phase}** · ${what} · since ${new Date().toISOString()}`);
    this.show(state);
  }

  /** An upsert is an action and an event: only a change is written, and a run without exceptions writes none. */
  private show(state: Condition | 'running'): void {
    if (state === this.shownState) return;
    this.shownState = state;
    upsertMemo({ [MEMO.state]: state });
    // An unregistered attribute would block the workflow task for ever, so the client says whether they are there.
    if (workflowInfo().memo?.[MEMO.searchAttributes] === true)
      upsertSearchAttributes([{ key: STATE, value: state }]);
  }
}
