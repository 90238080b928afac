import { knowsRelease } from '../world/releases';
import type { World } from '../world/world';

/** From 9.0 on the appliance has sessions; before, every call carries a signed assertion. Later ones take that, too. */
export function hasSessions({ release }: Pick<World, 'release'>): boolean {
  return knowsRelease(release, '9.0.0.0');
}
