import type { Call, Operation, Reply } from '../http/operation';
import type { OperationName } from '../http/operation-name';
import { matches, queryValues, requireKnownParameters } from '../http/query-filter';
import { VapiError } from '../http/vapi-error';
import type { World } from '../world/world';
import { authorizeVcenter } from './authorize-vcenter';
import { boundedList } from './bounded-list';
import {
  clusterList,
  datacenterList,
  folderList,
  hostList,
  resourcePoolList,
  type PlaceList,
} from './place-lists';

/** vCenter's documented limit of a list of anything but VMs. */
const MAX_PLACES = 1000;

function requireBooleans(query: URLSearchParams, name: string): void {
  for (const value of query.getAll(name)) {
    if (value === 'true' || value === 'false') continue;
    throw new VapiError('INVALID_ARGUMENT', `${value} is not a value of ${name}.`, [value, name]);
  }
}

function requireDocumented<Item>(list: PlaceList<Item>, query: URLSearchParams): void {
  requireKnownParameters(query, Object.keys(list.filters));
  requireBooleans(query, 'standalone');
  for (const [name, documented] of Object.entries(list.closedSets ?? {})) {
    const wrong = query.getAll(name).find((value) => !documented.includes(value));
    if (wrong === undefined) continue;
    throw new VapiError('INVALID_ARGUMENT', `${wrong} is not a value of ${name}.`, [wrong, name]);
  }
}

function answerList<Item>(world: World, list: PlaceList<Item>, call: Call): Reply {
  authorizeVcenter(world, call, 'System.Read');
  requireDocumented(list, call.query);
  const filters = Object.entries(list.filters).map(
    ([name, valueOf]) => [queryValues(call.query, name), valueOf] as const,
  );
  const found = list
    .items(world)
    .filter((item) => filters.every(([wanted, valuesOf]) => matches(wanted, ...valuesOf(item, world))));
  return boundedList(
    found.map((item) => list.summarize(item)),
    MAX_PLACES,
  );
}

function listOperation<Item>(world: World, name: OperationName, list: PlaceList<Item>): Operation {
  return { name, method: 'GET', path: list.path, answer: (call) => answerList(world, list, call) };
}

/** Lists of everything that a VM can be placed in. */
export function placeOperations(world: World): Operation[] {
  return [
    listOperation(world, 'cluster.list', clusterList),
    listOperation(world, 'folder.list', folderList),
    listOperation(world, 'resourcePool.list', resourcePoolList),
    listOperation(world, 'host.list', hostList),
    listOperation(world, 'datacenter.list', datacenterList),
  ];
}
