import { SocketError } from '../base/errors.js';
import { type Codec, type HeartbeatMessages, heartbeatOf } from './codec.js';
import { json } from './json.js';

/**
 * What holdline needs of a Standard Schema, version 1: zod, valibot, arktype and others have it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly output: Output } | undefined;
  };
}

/** The verdict of a {@link StandardSchema}. */
export type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly unknown[] };

/** A codec, whatever it decodes to. */
interface AnyCodec<Out> extends Omit<Codec<unknown, Out>, 'heartbeat'> {
  readonly heartbeat?: HeartbeatMessages<never, Out> | false | undefined;
}

/**
 * Checks every inbound message with a schema. What fails is an `error` event with code `decode`
 * whose `cause` is the schema's list of issues. Only what the codec takes for the answer to a ping
 * goes unchecked; unless `heartbeat` is `false`, no listener gets to see it.
 *
 * @param codec - what decodes the frame first
 * @defaultValue `codec`: {@link json}
 */
export function validated<In, Out = In>(
  schema: StandardSchema<In>,
  codec: AnyCodec<Out> = json<unknown, Out>(),
): Codec<In, Out> {
  const heartbeat = heartbeatOf(codec as Codec<unknown, Out>);
  return {
    encode: (message) => codec.encode(message),
    decode(data) {
      const message = codec.decode(data);
      if (heartbeat && heartbeat.isReply(message)) return message as In;
      const result = schema['~standard'].validate(message);
      if (result instanceof Promise) {
        result.catch(() => undefined);
        throw new SocketError('options', 'validated() needs a schema that is not asynchronous');
      }
      if (result.issues) {
        throw new SocketError('decode', 'the schema refused the message', {
          cause: result.issues,
        });
      }
      return result.value;
    },
    heartbeat,
  };
}
