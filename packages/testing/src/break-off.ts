import type { ServerResponse } from 'node:http';

/** Destroys the connection of an answer under way, once what was written to it has been sent. */
export function breakOff(response: ServerResponse): void {
  // A write is handed to the socket only at the end of its turn of the event loop.
  setImmediate(() => response.socket?.destroySoon());
}
