import type { World } from '../world/world';
import { reference } from './managed-object';

export const SESSION_MANAGER = 'SessionManager';
export const AUTHORIZATION_MANAGER = 'AuthorizationManager';

/** ServiceContent: the ids by which everything else is reached. */
export function describeContent({ release, inventory, settings }: World) {
  const version = release.split('.').slice(0, 3).join('.');
  const root = [...inventory.folders.values()].find((folder) => folder.type === 'DATACENTER');
  return {
    _typeName: 'ServiceContent',
    rootFolder: reference('Folder', root?.id ?? 'group-d1'),
    propertyCollector: reference('PropertyCollector', 'propertyCollector'),
    about: {
      _typeName: 'AboutInfo',
      name: 'VMware vCenter Server',
      fullName: `VMware vCenter Server ${version} (simulated)`,
      vendor: 'VMware, Inc.',
      version,
      build: '1',
      osType: 'linux-x64',
      productLineId: 'vpx',
      apiType: 'VirtualCenter',
      apiVersion: release,
      instanceUuid: settings.instanceUuid,
    },
    sessionManager: reference('SessionManager', SESSION_MANAGER),
    authorizationManager: reference('AuthorizationManager', AUTHORIZATION_MANAGER),
  };
}
