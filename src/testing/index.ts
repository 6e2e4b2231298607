export type { FakeAttempt, FakeConnection, FakeServer } from './contract.js';
export { createFakeServer } from './create-fake-server.js';
export type { Close as FakeClose } from './line.js';
export type { Example, NextMessage } from './match.js';
export type { FakeServerOptions } from './options.js';
export type { Codec, HeartbeatMessages } from '../codecs/codec.js';
export type { Frame, Payload } from '../platform/websocket.js';
