/**
 * Where the engines themselves depart from the texts, by the titles of the assertions: Chromium 156, Firefox
 * 153, Node 20 to 24. One that no longer does so needs no change here; one that does so anew does.
 *
 * @type {Readonly<Record<string, readonly RegExp[]>>}
 */
export const departures = {
  Chromium: [
    /^constructor: "ws:\/\/a b\/" is no URL$/,
    /^constructor: "\/a\|b" after the host/,
    // It does not know that a target without ancestors has a capturing phase, too.
    /^event handlers: a listener that captures comes before it$/,
    /^listeners: the same one capturing and not is called twice, capturing first$/,
    /^send: shared memory is an object, and so a string$/,
    // It cuts off fractions.
    /^close: (999\.5|999\.6|2999\.5|3001\.5) is \d+$/,
    /^close: (1000\.6|4999\.5) is refused$/,
    /^close: too long is too long without a code, too$/,
    // It fires an error for a protocol that is broken, and none for a connection.
    /^lives: the TCP connection/,
  ],
  Firefox: [
    /^constructor: "" is relative to the page/,
    /^protocols: an object whose @@iterator is null is a string$/,
    /^protocols: (one|none) is asked for, (none|and one) is taken$/,
    /^send: shared memory is an object, and so a string$/,
    /^lives: the TCP connection ends/,
    /^failures: the server sends a (masked frame|close frame of one byte)$/,
    // It says 1015.
    /^failures: the server does not speak TLS$/,
  ],
  Node: [
    /^constructor: the URL is converted first, then the protocols$/,
    /^protocols: the same ones but for the case are two$/,
    /^protocols: an object (that is not iterable|whose @@iterator is null) is a string$/,
    /^protocols: (a plain object|a function|an object without)/,
    /^protocols: (one|none|two) (is|are) asked for, /,
    // What is no binary type is "blob".
    /^binaryType: .*(is ignored|is what its toString\(\) says|is no string)$/,
    // Handlers are listeners, and functions.
    /^event handlers: on\w+ holds a function or an object/,
    /^event handlers: what returns false cancels the event$/,
    /^event handlers: (replaced|first set to an object|the same function|removeEventListener)/,
    /^event handlers: a listener that captures comes before it$/,
    // Its EventTarget.
    /^listeners: (the same one capturing|a passive one|capturing and not are two)/,
    /^listeners: an event that is being dispatched is not again$/,
    /^events: \w+ has the socket for its target$/,
    /^events: \w+ is at its target/,
    // Its events are of classes of its own, and an error says a lot.
    /^events: (message|error|close) is (a|one|of) /,
    /^events: error does not say/,
    /^events: the accessors of MessageEvent/,
    // All that one packet brings comes in one task.
    /^events: (close\(\) while|each message|between)/,
    /^send: .*detached ArrayBuffer is empty$/,
    /^send: a (resizable ArrayBuffer|view of shared memory) is none$/,
    /^send: what is sent before close\(\) arrives$/,
    // What is sent after the end does not count.
    /^bufferedAmount: .*(after close\(\)|when it is closed|after the server closed|while connecting)/,
    // It rounds half up, in other places, and takes a bigint.
    /^close: .*(is refused|is \d+|is no code)$/,
    // An attempt that fails fires an error at once, and no close.
    /^close: (while connecting|in a microtask|in the listener of error)/,
    /^lives: the TCP connection/,
    /^lives: .* BOM, which stays/,
    /^failures: /,
  ],
};
