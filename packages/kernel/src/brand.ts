declare const brand: unique symbol

/**
 * A type of its own over T. A branded value comes out of one factory, which narrows with a type predicate after checking;
 * so the brand says "this was checked", and no cast is needed anywhere.
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
