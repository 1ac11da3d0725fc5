/** What the bare server and its parent say to each other; one answer to each request, in order. */

/** A request to the bare server. */
export type BareRequest =
  | { readonly type: 'ingest'; readonly srtp?: boolean }
  /** Processor time of the worker in seconds, and bytes of media that came in. */
  | { readonly type: 'used' }
  | { readonly type: 'open' }
  | { readonly type: 'connect'; readonly dtlsParameters: unknown }
  | { readonly type: 'consume'; readonly rtpCapabilities: unknown };

/** What stands in an answer depends on the request. */
export type BareAnswer = Readonly<Record<string, unknown>>;
