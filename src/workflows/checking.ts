import type { Shown } from './current-details';
import type { Status } from './status';

/** What is shown while a request is checked. `subject`: what of it, as Markdown. */
export const checking = (subject: string, status: Status): Shown => ({
  what: `checking ${subject} against vCenter and the snapshot appliance; nothing has been changed yet`,
  next: 'one call that starts the task',
  stuck: `the last error is under Pending Activities. ${status.command('cancel')} ends it at once, nothing changed`,
});
