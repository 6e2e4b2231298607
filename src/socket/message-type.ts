/**
 * What the messages of a union are told apart by: the values of their field `type`. Where none has that, those of
 * whatever field all of them have with nothing but literal texts in it; then the option `typeOf` must read that field.
 */
export type MessageType<In> = unknown extends In
  ? string
  : HasType<In> extends true
    ? TypeField<In>
    : // Text in any case, so that a literal given for one is inferred as such.
      Values<In, TellingKey<In>> & string;

/**
 * The members of a union that have this type.
 *
 * Only the application knows which of several fields its `typeOf` reads. So a member counts that has this value in
 * any of those with literal texts, a likely one or not: a listener may be told of too many, and never of too few.
 */
export type MessageOf<In, Type extends string> = unknown extends In
  ? In
  : MemberWith<In, HasType<In> extends true ? 'type' : LiteralKey<In>, Type>;

/** The values of `type`, of the members that have nothing but texts there. */
type TypeField<In> = In extends { readonly type: infer Value extends string } ? Value : never;

type HasType<In> = [TypeField<In>] extends [never] ? false : true;

/** The values of these fields; none of no field. */
type Values<In, Key> = Key extends keyof In ? In[Key] : never;

type MemberWith<In, Key, Type> = In extends unknown
  ? Type extends Values<In, Key>
    ? In
    : never
  : never;

/** The fields that all members have, with literal texts only: neither any `string`, nor one of a pattern. */
type LiteralKey<In> = {
  [Key in keyof In & string]: In[Key] extends string
    ? // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- lacks literal names only
      {} extends Record<In[Key], unknown>
      ? never
      : Key
    : never;
}[keyof In & string];

/** Of several such fields those that tell the members apart, if any do. */
type TellingKey<In, Key = LiteralKey<In>> = [Telling<In, Key>] extends [never]
  ? Key
  : Telling<In, Key>;

/** Where no member has several values, as in `side: 'buy' | 'sell'`, and not all have the same: `jsonrpc: '2.0'`. */
type Telling<In, Key> = Key extends keyof In
  ? IsUnion<In[Key]> extends IsUnion<In>
    ? true extends HasSeveral<In, Key>
      ? never
      : Key
    : never
  : never;

type HasSeveral<In, Key> = In extends unknown ? IsUnion<Values<In, Key>> : never;

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;
