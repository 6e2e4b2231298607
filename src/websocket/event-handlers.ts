/** What an event handler attribute holds: a function, or an object that is never called, as WebIDL has it. */
type Handler = ((this: EventTarget, event: Event) => unknown) | null;

interface Registered {
  value: Handler;
  readonly listener: (event: Event) => void;
}

const registered = /* @__PURE__ */ new WeakMap<EventTarget, Map<string, Registered>>();

function register(target: EventTarget, type: string, value: Handler): Registered {
  const entry: Registered = {
    value,
    listener(event) {
      const call = entry.value;
      if (typeof call === 'function' && call.call(target, event) === false) event.preventDefault();
    },
  };
  return entry;
}

/**
 * Gives a class the attribute `on` and `type`. Its handler is called in the place that it took when it was set
 * first, and keeps when it is replaced; one that is removed loses its place.
 *
 * @param check - throws where it is asked of an object that is none of the class's
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes
 */
export function defineEventHandler(
  prototype: EventTarget,
  type: string,
  check: (target: EventTarget) => void,
): void {
  const name = `on${type}`;
  const handlersOf = (target: EventTarget): Map<string, Registered> => {
    check(target);
    const handlers = registered.get(target) ?? new Map<string, Registered>();
    registered.set(target, handlers);
    return handlers;
  };
  // Made by their names: an accessor is called as its property is.
  const attribute: object & ThisType<EventTarget> = {
    get [name]() {
      return handlersOf(this).get(type)?.value ?? null;
    },
    set [name](given: unknown) {
      const handlers = handlersOf(this);
      const entry = handlers.get(type);
      // WebIDL, [LegacyTreatNonObjectAsNull]: what is no object counts as null.
      const value = Object(given) === given ? (given as Handler) : null;
      if (entry && value) entry.value = value;
      else if (entry) {
        handlers.delete(type);
        this.removeEventListener(type, entry.listener);
      } else if (value) {
        const added = register(this, type, value);
        handlers.set(type, added);
        this.addEventListener(type, added.listener);
      }
    },
  };
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(attribute));
}
