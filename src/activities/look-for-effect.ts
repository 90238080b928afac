import type { LookInput } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { reading } from './in-activity';
import { look } from './look';
import type { Site } from './site';

export const lookForEffect = (site: Site, input: LookInput): Promise<Look> =>
  reading('after-effect', (options) => look(site, input, input.depth, options));
