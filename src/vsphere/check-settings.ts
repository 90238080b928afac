import { hostSettings } from './host-settings';
import { SettingRefused } from './setting-refused';
import type { VsphereSettings } from './settings';
import type { VsphereHost } from './vsphere-error';

const HOSTS: readonly VsphereHost[] = ['vcenter', 'appliance'];

/** What `openConnection` would refuse, all of it at once; each field is named once. */
export function checkSettings(settings: VsphereSettings): readonly SettingRefused[] {
  const refused = HOSTS.flatMap((host) => refusalOf(settings, host));
  return [...new Map(refused.map((each) => [each.field, each])).values()];
}

function refusalOf(settings: VsphereSettings, host: VsphereHost): readonly SettingRefused[] {
  try {
    hostSettings(settings, host);
    return [];
  } catch (error) {
    if (error instanceof SettingRefused) return [error];
    throw error;
  }
}
