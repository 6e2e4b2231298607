/** How long a topic that nobody listens to any more stays subscribed, in milliseconds: pages come and go. */
export const LINGER = 1_000;
