import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { proxyFor } from '@slipway/oci';
import type { ClusterAccess } from './cluster-access.js';
import { type Credentials, readGiven } from './user-credentials.js';

/**
 * The connections to a cluster: kept alive, with its authorities, the client's certificate, and the proxy that the kubeconfig or the
 * environment (`HTTPS_PROXY`, `NO_PROXY`, …) names.
 */
export async function clusterAgent(access: ClusterAccess, credentials: Credentials): Promise<HttpAgent> {
  const { cluster } = access;
  const authorities = cluster['certificate-authority-data']
    ? Buffer.from(cluster['certificate-authority-data'], 'base64')
    : cluster['certificate-authority']
      ? await readGiven(cluster['certificate-authority'])
      : undefined;
  const options: AgentOptions = {
    keepAlive: true,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(credentials.cert === undefined ? {} : { cert: credentials.cert }),
    ...(credentials.key === undefined ? {} : { key: credentials.key }),
    ...(cluster['tls-server-name'] ? { servername: cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { rejectUnauthorized: false } : {}),
  };
  const server = new URL(cluster.server);
  const secure = server.protocol === 'https:';
  const proxy = cluster['proxy-url'] || proxyFor(server, process.env)?.href;
  if (!proxy) return secure ? new HttpsAgent(options) : new HttpAgent({ keepAlive: true });
  if (proxy.startsWith('socks')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    // The agent opens the TLS connection inside the tunnel with the options of each request, not with its own.
    return withRequestOptions(new SocksProxyAgent(proxy, { keepAlive: true }), options);
  }
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  return secure ? new HttpsProxyAgent({ ...options, proxy }) : new HttpProxyAgent({ keepAlive: true, proxy });
}

function withRequestOptions(agent: HttpAgent, options: AgentOptions): HttpAgent {
  const inner = agent as HttpAgent & { addRequest(request: unknown, options: object): void };
  const addRequest = inner.addRequest.bind(inner);
  inner.addRequest = (request, given) => addRequest(request, { ...given, ...options });
  return agent;
}
