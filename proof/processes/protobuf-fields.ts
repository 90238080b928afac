/** One field of a protobuf message; only varints and length-delimited values carry a value here. */
export interface ProtobufField {
  readonly number: number;
  readonly varint?: bigint;
  readonly bytes?: Buffer;
}

/** Walks the outermost fields of a message without knowing its type. */
export function protobufFields(message: Buffer): readonly ProtobufField[] {
  const fields: ProtobufField[] = [];
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[offset++];
      if (byte === undefined) throw new RangeError(`protobuf: the message ends within byte ${offset}`);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, varint: varint() });
        break;
      case 1:
        offset += 8;
        fields.push({ number });
        break;
      case 2: {
        const length = Number(varint());
        fields.push({ number, bytes: message.subarray(offset, offset + length) });
        offset += length;
        break;
      }
      case 5:
        offset += 4;
        fields.push({ number });
        break;
      default:
        throw new RangeError(`protobuf: wire type ${tag & 7} of field ${number} is unknown`);
    }
  }
  return fields;
}
