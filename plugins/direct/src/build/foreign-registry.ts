import { isLocalHost, SlipwayError, type RegistryTransport } from '@slipway/core';
import { DockerCredentials, type ImageReference, RegistryClient } from '@slipway/oci';

const https: RegistryTransport = { insecure: false, skipTlsVerify: false };

/**
 * A client for a registry that is no component of the stack, with the credentials of who is logged in there on this machine. It speaks
 * HTTPS; on this machine itself also HTTP, as Docker does.
 * @throws SlipwayError those of `DockerCredentials`
 */
export async function openForeignRegistry(
  reference: ImageReference,
  signal: AbortSignal | undefined,
): Promise<RegistryClient> {
  const credentials = await (await DockerCredentials.load(process.env)).loginFor(reference, { signal });
  const host = reference.registry;
  const client = new RegistryClient({ host, transport: https, credentials });
  if (!isLocalHost(host) || !(await speaksHttp(client, signal))) return client;
  client.close();
  return new RegistryClient({ host, transport: { ...https, insecure: true }, credentials });
}

async function speaksHttp(client: RegistryClient, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.ping({ signal });
    return false;
  } catch (error) {
    // All else is told by the request that needs the registry.
    return SlipwayError.is(error) && error.code === 'REGISTRY_SPEAKS_HTTP';
  }
}
