import { applianceVersion } from './appliance-release';
import type { CallOptions } from './call-options';
import type { HostCalls } from './host-calls';
import type { HostWire } from './host-wire';
import { findRoot } from './vi-json';
import type { VsphereHost } from './vsphere-error';

/** What a host says to anybody. */
export interface Reached {
  /** Absent when the host does not tell its release without a login. */
  readonly version?: string;
  /** How far the host's clock is ahead of this machine's, to about a second; absent when its reply showed none. */
  readonly clockOffsetMs?: number;
}

/** Asks a host who it is, without credentials. Rejects with a `VsphereError` when it cannot be reached or trusted. */
export type ReachHost = (host: VsphereHost, options?: CallOptions) => Promise<Reached>;

interface Ways {
  readonly vcenter: HostCalls;
  readonly vcenterWire: HostWire;
  readonly applianceWire: HostWire;
}

export function reachHosts({ vcenter, vcenterWire, applianceWire }: Ways): ReachHost {
  const versionOf = async (host: VsphereHost, options?: CallOptions): Promise<string | undefined> =>
    host === 'vcenter'
      ? (await findRoot(vcenter, options)).version
      : applianceVersion(applianceWire, options?.requestId);
  return async (host, options) => {
    const version = await versionOf(host, options);
    const { clockOffsetMs } = host === 'vcenter' ? vcenterWire : applianceWire;
    return {
      ...(version === undefined ? {} : { version }),
      ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
    };
  };
}
