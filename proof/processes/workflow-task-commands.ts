import { protobufFields } from './protobuf-fields';

const COMMANDS_FIELD = 2;
const TYPE_FIELD = 1;

/** The types of the commands in a RespondWorkflowTaskCompletedRequest, as temporal.api.enums.v1.CommandType numbers them. */
export const grpcCommandTypes = (request: Buffer): readonly number[] =>
  protobufFields(request)
    .filter(({ number }) => number === COMMANDS_FIELD)
    .flatMap(({ bytes }) => (bytes === undefined ? [] : protobufFields(bytes)))
    .filter(({ number, varint }) => number === TYPE_FIELD && varint !== undefined)
    .map(({ varint }) => Number(varint));
