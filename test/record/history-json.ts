import { createRequire } from 'node:module';

/** A history as `temporal workflow show -o json` prints it. */
export interface HistoryJson {
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

interface Type {
  fromObject(message: object): object;
}
interface ProtoJson {
  readonly toJson: (type: Type, message: object) => HistoryJson;
  readonly fromJson: (type: Type, json: HistoryJson) => object;
}

const ofCommon = createRequire(require.resolve('@temporalio/common'));
const ofProto = createRequire(ofCommon.resolve('@temporalio/proto'));
const { patchProtobufRoot } = ofProto('@temporalio/proto/lib/patch-protobuf-root') as {
  readonly patchProtobufRoot: (root: unknown) => { lookupType(name: string): Type };
};
// The SDK's own conversion takes the protobufjs beside itself, and rejects the types of the one beside its messages where npm installed two.
const { toJson, fromJson } = ofProto('protobufjs/ext/protojson') as ProtoJson;
const history = patchProtobufRoot(ofProto('@temporalio/proto')).lookupType('temporal.api.history.v1.History');

/** Histories to JSON and back, without loss. */
export const historyJson = {
  write: (message: object): HistoryJson => toJson(history, history.fromObject(message)),
  read: (json: HistoryJson): object => fromJson(history, json),
};
