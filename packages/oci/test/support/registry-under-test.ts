import { ImageReference, RegistryClient, type RegistryClientOptions } from '@slipway/oci';
import { ScriptedServer } from '@slipway/testing';

import type { Certificate } from './certificate.js';

/** Servers and clients of one test, all closed by `close`. */
export class RegistryUnderTest {
  readonly #servers: ScriptedServer[] = [];
  readonly #clients: RegistryClient[] = [];

  async server(certificate?: Certificate): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(certificate);
    this.#servers.push(server);
    return server;
  }

  /** A client of plain HTTP, unless the transport says otherwise. */
  client(host: string, options: Partial<RegistryClientOptions> = {}): RegistryClient {
    const transport = { insecure: true, skipTlsVerify: false };
    const client = new RegistryClient({ host, transport, ...options });
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
  }
}

export function hello(host: string, rest = ':1'): ImageReference {
  return ImageReference.parse(`${host}/demo/hello${rest}`);
}
