/** Where a component says what is no event of a build. Injected under the symbol of the same name. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}
export const Logger = Symbol.for('@slipway/core/Logger');

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {} };
