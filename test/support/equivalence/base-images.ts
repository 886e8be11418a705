import { gzipSync } from 'node:zlib';
import { type ContainerConfig, digestOf, type ImageConfig, type Repository } from '@slipway/oci';
import type { ArchiveMember } from './equivalence-case.js';
import { packMembers } from './pack-members.js';

const directory = (name: string, mode = 0o755, uid = 0, gid = 0): ArchiveMember => ({
  name,
  type: 'directory',
  mode,
  uid,
  gid,
});

/** What base images have that a copy may stumble over: linked folders, permissions of their own, names, what a layer takes away again. */
const layers: readonly (readonly ArchiveMember[])[] = [
  [
    directory('etc'),
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\napp:x:1001:1002:App:/home/app:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\napp:x:1002:\nstaff:x:50:app\n' },
    directory('usr'),
    directory('usr/bin'),
    { name: 'usr/bin/tool', mode: 0o755, content: '#!tool\n' },
    { name: 'bin', type: 'symlink', linkname: 'usr/bin' },
    directory('tmp', 0o1777),
    directory('home'),
    directory('home/app', 0o700, 1001, 1002),
    directory('srv'),
    directory('srv/data', 0o750, 33, 33),
    { name: 'srv/data/old', content: 'old\n' },
    { name: 'srv/data/gone', content: 'gone\n' },
    directory('srv/cache'),
    { name: 'srv/cache/entry', content: 'entry\n' },
    { name: 'current', type: 'symlink', linkname: 'srv/data' },
  ],
  [
    { name: 'srv/data/.wh.gone' },
    { name: 'srv/cache/.wh..wh..opq' },
    { name: 'srv/cache/fresh', content: 'fresh\n', uid: 1001, gid: 1002 },
    { name: 'srv/one', content: 'linked\n', mode: 0o640 },
    { name: 'srv/two', type: 'link', linkname: 'srv/one', mode: 0o640 },
    { name: 'srv/setuid', content: 'setuid\n', mode: 0o4755 },
  ],
];

const config: ContainerConfig = {
  Env: ['PATH=/usr/bin:/bin', 'INHERITED=yes'],
  Cmd: ['/bin/tool'],
  Labels: { from: 'base', kept: 'yes' },
  ExposedPorts: { '80/tcp': {} },
  Volumes: { '/srv/volume': {} },
  StopSignal: 'SIGQUIT',
};

/** Each sees what came before it. */
const triggers = [
  'COPY trigger.txt /triggered/',
  'ARG MODE=production',
  'ENV TRIGGERED=$MODE ORDER=1',
  'WORKDIR /triggered/$TRIGGERED',
  'COPY trigger.txt here',
  'ENV ORDER=$ORDER-2',
  'LABEL trigger=yes order=$ORDER',
  'HEALTHCHECK --interval=7s --retries=2 CMD ["/check"]',
  'STOPSIGNAL SIGUSR1',
  'VOLUME /triggered/volume',
];

/** Writes the base images of all cases. @returns the value of each placeholder */
export async function pushBaseImages(host: string, repository: Repository): Promise<Record<string, string>> {
  await push(repository, 'base', config);
  await push(repository, 'trigger', { ...config, OnBuild: triggers });
  return { base: `${host}/${repository.name}:base`, trigger: `${host}/${repository.name}:trigger` };
}

async function push(repository: Repository, tag: string, containerConfig: ContainerConfig): Promise<void> {
  const archives = await Promise.all(layers.map((members) => packMembers(members)));
  const write = async (mediaType: string, bytes: Buffer) => {
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await repository.writeBlob(descriptor, () => once(bytes));
    return descriptor;
  };
  const imageConfig: ImageConfig = {
    architecture: 'amd64',
    os: 'linux',
    config: containerConfig,
    rootfs: { type: 'layers', diff_ids: archives.map((bytes) => digestOf(bytes)) },
    history: layers.map((_, index) => ({ created_by: `layer ${index}` })),
  };
  const docker = 'application/vnd.docker';
  const mediaType = `${docker}.distribution.manifest.v2+json`;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: await write(`${docker}.container.image.v1+json`, Buffer.from(JSON.stringify(imageConfig))),
    layers: await Promise.all(archives.map((bytes) => write(`${docker}.image.rootfs.diff.tar.gzip`, gzipSync(bytes)))),
  };
  await repository.writeManifest(mediaType, Buffer.from(JSON.stringify(manifest)), [tag]);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}
