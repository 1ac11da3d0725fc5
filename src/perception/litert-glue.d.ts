/** The modules that `server/litert-glue` makes of LiteRT's scripts. */
declare module 'virtual:litert/*' {
  /** Starts the runtime's WebAssembly module. */
  const factory: (module: object) => Promise<object>;
  export default factory;
}
