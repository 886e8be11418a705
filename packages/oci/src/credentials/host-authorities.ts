import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The authorities that Docker and Podman trust for one registry on this machine: the `*.crt` of `certs.d/HOST[:PORT]`, below
 * `/etc/docker`, `/etc/containers` and their counterparts of the user. What is no certificate is left out.
 *
 * @param host `host[:port]`
 * @returns PEM texts, each certificate once
 */
export async function hostAuthorities(host: string, environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  // A name with a slash would lead elsewhere.
  if (host === '' || host.includes('/') || host.startsWith('.')) return [];
  const home = environment.HOME || environment.USERPROFILE || homedir();
  const configuration = environment.XDG_CONFIG_HOME || join(home, '.config');
  const roots = [configuration, '/etc'].flatMap((folder) => [join(folder, 'docker'), join(folder, 'containers')]);
  const found = await Promise.all(roots.map((root) => certificatesIn(join(root, 'certs.d', host))));
  return [...new Set(found.flat())];
}

async function certificatesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.crt'))
      .sort()
      .map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  return texts.flatMap(certificates);
}

/** The certificates of a PEM text, each as Node writes it. */
function certificates(text: string): readonly string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block).toString()];
    } catch {
      return [];
    }
  });
}
