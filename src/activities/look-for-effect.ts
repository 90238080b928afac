import type { LookInput } from '../contract/activities';
import type { Look } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { wasTakenByAnother } from './held-by-another';
import { reading } from './in-activity';
import { lookForClone, lookForRevert } from './look';
import { recentHolders } from './recent-holders';
import type { Site } from './site';

/** See `Activities.lookForEffect`. */
export const lookForEffect = (site: Site, input: LookInput): Promise<Look> =>
  input.depth === 'first'
    ? reading('before-start', (options) => firstLook(site, input, options))
    : reading('after-effect', (options) => lookAfterUnknown(site, input, options));

async function firstLook(site: Site, input: LookInput, options: CallOptions): Promise<Look> {
  const holders = await recentHolders(input.exclusion, site.settings);
  return { ...(await look(site, input, options)), ...holders };
}

/** Whoever made what it shows took the lock before that, so the lock is asked about last. */
async function lookAfterUnknown(site: Site, input: LookInput, options: CallOptions): Promise<Look> {
  const seen = await look(site, input, options);
  return (await wasTakenByAnother(input.exclusion)) ? { ...seen, contested: true } : seen;
}

const look = (site: Site, input: LookInput, options: CallOptions): Promise<Look> =>
  input.operation === 'clone'
    ? lookForClone(site, input, input.depth, options)
    : lookForRevert(site, input, input.depth, options);
