import type { EquivalenceCase } from './equivalence-case.js';

/** Sentences of docs/flavors/direct.md. */
const reasons = {
  shell: '`CMD` and `ENTRYPOINT` in shell form use the shell of `SHELL`, as with Docker; buildah uses `/bin/sh`.',
  portRange: 'A range of ports in `EXPOSE` is written port by port, as Docker does; buildah and Kaniko keep the range.',
  archiveOwner:
    'What `ADD --chown` unpacks belongs to that owner, as with Docker; buildah and Kaniko keep the owners of the archive.',
  archiveFolder:
    'A folder that `ADD` makes to unpack into has mode 0755, as with Docker; Kaniko gives it that of a folder in the archive.',
  archiveCompression: '`ADD` unpacks archives compressed with xz and zstd, as Docker does; Kaniko refuses them.',
  heredoc: 'Heredocs are read, as by Docker; buildah reads them from version 1.33 on.',
  heredocVariables: 'Variables in heredocs are replaced, as by Docker; Kaniko leaves them as they are.',
  laterArgument:
    'Of an `ENV` and an `ARG` of one name the later counts, as with Docker and Kaniko; with buildah always the `ENV`.',
  escape:
    'The escape character that `# escape=` names counts within values too, as with Docker; buildah and Kaniko take `\\` there.',
  folderPermissions:
    'A folder within what is copied gives its mode to the one that is there already, as with Docker; Kaniko leaves that mode.',
  linkedSource: 'A link that is named as a source is followed, as by Docker; Kaniko copies the link.',
  primaryGroup:
    'A user in `--chown` without a group has the group that `/etc/passwd` names, as with Docker; Kaniko takes the number of the user.',
  linkOwner: 'Links belong to the owner of `--chown` too, as with Docker; Kaniko gives them to root.',
  copyingUser: 'What is copied belongs to root after a `USER` too, as with Docker; Kaniko gives it to that user.',
  deletedFiles: '`COPY --from` an image does not see what upper layers took away, as with Docker; Kaniko does.',
  volumePath: 'A path in `VOLUME` stays as it is written, as with Docker; Kaniko takes `.` and `..` out of it.',
  quotes: 'An escaped quote within quotes stays one, as with Docker; Kaniko drops it.',
} as const;

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'run.sh': { content: '#!/bin/sh\n', mode: 0o755 } } as const;

/** Dockerfiles that name every instruction and flag that the direct builder takes. */
export const equivalenceCases: readonly EquivalenceCase[] = [
  {
    name: 'COPY of files: to folders, under new names, to what is there already',
    dockerfile: [
      'FROM {base}',
      'COPY a.txt /new/folder/',
      'COPY a.txt /new/name.txt',
      'COPY a.txt b.txt /several/',
      'COPY a.txt /srv/data',
      'COPY b.txt /srv/data/old',
      'COPY run.sh /run.sh',
      'COPY ["with space.txt", "/with space/"]',
      'COPY ünïcode.txt /tmp/',
      'COPY a.txt b.txt .',
      'COPY ./a.txt ../../etc/up.txt',
    ],
    files: { ...files, 'with space.txt': 'space\n', 'ünïcode.txt': 'unicode\n' },
  },
  {
    name: 'COPY of folders: their content, empty ones, what is executable, links as they are',
    dockerfile: ['FROM scratch', 'COPY folder /copied', 'COPY folder/ /copied/again/', 'COPY . /all/'],
    files: {
      'folder/file.txt': 'file\n',
      'folder/run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
      'folder/deep/er/file.txt': 'deep\n',
      'folder/empty': { directory: true },
      'folder/relative': { symlink: 'deep/er' },
      'folder/absolute': { symlink: '/etc/passwd' },
      'folder/dangling': { symlink: 'nowhere' },
    },
  },
  {
    name: 'COPY onto folders of the base',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.folderPermissions,
        found: {
          '/home/app': ['directory 0755 0:0', 'directory 0700 0:0'],
          '/srv/data': ['directory 0755 0:0', 'directory 0750 0:0'],
          '/tmp': ['directory 0755 0:0', 'directory 1777 0:0'],
        },
      },
    ],
    dockerfile: [
      'FROM {base}',
      'COPY tree /',
      'COPY tree/tmp /tmp',
      'COPY tree/home/app /home/app/',
      'COPY a.txt /home/app/deep/',
    ],
    files: {
      ...files,
      'tree/tmp/x': 'x\n',
      'tree/home/app/y': 'y\n',
      'tree/srv/data/z': 'z\n',
      'tree/usr/bin/w': 'w\n',
    },
  },
  {
    name: 'COPY with patterns',
    dockerfile: [
      'FROM scratch',
      'COPY *.txt /star/',
      'COPY ?.txt /question/',
      'COPY [ab].txt /class/',
      'COPY f*/one.md /folders/',
      'COPY f* /content/',
      'COPY missing* a.txt /some/',
      'COPY f1/*/deep.md /deep/',
    ],
    files: { ...files, 'long.txt': 'long\n', 'f1/one.md': '1\n', 'f2/two.md': '2\n', 'f1/x/deep.md': 'deep\n' },
  },
  {
    name: '.dockerignore',
    dockerfile: ['FROM scratch', 'COPY . /context/', 'COPY kept /kept/'],
    files: {
      '.dockerignore':
        '# comment\n*.log\nnode_modules\n!important.log\nkept/*\n!kept/this\n**/deep.tmp\nDockerfile\n.dockerignore\n',
      'a.log': 'a\n',
      'important.log': 'i\n',
      'node_modules/x/index.js': 'x\n',
      'kept/this': 'this\n',
      'kept/that': 'that\n',
      'one/two/deep.tmp': 'deep\n',
      'one/two/else': 'else\n',
    },
  },
  {
    name: 'COPY from links and through links',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.linkedSource,
        found: {
          '/from/dir/inner.txt': ['file 0644 0:0 940a6810', undefined],
          '/from/dir/linkdir': [undefined, 'symlink 0:0 -> real'],
          '/from/link.txt': ['file 0644 0:0 87428fc5', 'symlink 0:0 -> a.txt'],
        },
      },
    ],
    dockerfile: [
      'FROM {base}',
      'COPY link.txt /from/',
      'COPY linkdir /from/dir/',
      'COPY linkdir/inner.txt /from/inner.txt',
      'COPY a.txt /bin/',
      'COPY a.txt /current/new',
      'COPY a.txt /bin/deeper/',
    ],
    files: { ...files, 'link.txt': { symlink: 'a.txt' }, linkdir: { symlink: 'real' }, 'real/inner.txt': 'inner\n' },
  },
  {
    name: '--chown by number and by name',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.primaryGroup,
        found: {
          '/names': ['directory 0755 1001:1002', 'directory 0755 1001:1001'],
          '/names/user': ['directory 0755 1001:1002', 'directory 0755 1001:1001'],
          '/names/user/a.txt': ['file 0644 1001:1002 87428fc5', 'file 0644 1001:1001 87428fc5'],
        },
      },
      {
        of: 'kaniko',
        reason: reasons.linkOwner,
        found: { '/names/folder/link': ['symlink 1001:0 -> deep', 'symlink 0:0 -> deep'] },
      },
    ],
    dockerfile: [
      'FROM {base}',
      'COPY --chown=1234 a.txt /numbers/user/',
      'COPY --chown=1234:5678 a.txt /numbers/both/',
      'COPY --chown=app a.txt /names/user/',
      'COPY --chown=app:staff a.txt /names/both/',
      'COPY --chown=1234:staff a.txt /names/mixed/',
      'COPY --chown=app:0 folder /names/folder',
      'ADD --chown=app:app b.txt /names/added/',
      'COPY --chown=app:app b.txt /srv/data/',
    ],
    files: { ...files, 'folder/deep/file.txt': 'file\n', 'folder/link': { symlink: 'deep' } },
  },
  {
    name: '--chmod',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.primaryGroup,
        found: { '/home/app/secret': ['file 0600 1001:1002 87428fc5', 'file 0600 1001:1001 87428fc5'] },
      },
    ],
    dockerfile: [
      'FROM {base}',
      'COPY --chmod=755 a.txt /mode/file',
      'COPY --chmod=0640 a.txt b.txt /srv/data/',
      'COPY --chmod=600 --chown=app a.txt /home/app/secret',
      'ADD --chmod=4711 b.txt /mode/added',
    ],
    files,
  },
  {
    name: 'several stages, and files from them and from images',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.primaryGroup,
        found: {
          '/first/run.sh': ['file 0755 1001:1002 a8076d3d', 'file 0755 1001:1001 a8076d3d'],
          '/second/run.sh': ['file 0755 1001:1002 a8076d3d', 'file 0755 1001:1001 a8076d3d'],
        },
      },
      {
        of: 'kaniko',
        reason: reasons.deletedFiles,
        found: {
          '/srv/cache/entry': [undefined, 'file 0644 0:0 6e1c1326'],
          '/srv/data/gone': [undefined, 'file 0644 0:0 4b9f2c32'],
        },
      },
    ],
    dockerfile: [
      'ARG FROM_BASE={base}',
      'FROM $FROM_BASE AS first',
      'COPY a.txt /out/a.txt',
      'COPY --chown=app run.sh /out/',
      'ENV STAGE=first',
      'FROM scratch AS unused',
      'COPY b.txt /',
      'FROM first AS second',
      'COPY b.txt /out/b.txt',
      'FROM scratch',
      'COPY --from=first /out /first/',
      'COPY --from=0 /out/a.txt /zero',
      'COPY --from=second /out/ /second/',
      'COPY --from=second --chown=7:8 /out/*.txt /patterns/',
      'COPY --from={base} /srv /srv',
      'COPY --from={base} /current/old /old',
      'COPY --from={base} /etc/passwd /etc/',
    ],
    files,
  },
  {
    name: 'a stage in the middle, by name',
    dockerfile: [
      'FROM {base} AS one',
      'COPY a.txt /one',
      'FROM one AS two',
      'COPY a.txt /two',
      'FROM scratch',
      'COPY a.txt /',
    ],
    files,
    target: 'two',
  },
  ...(['gzip', 'bzip2', 'xz', 'zstd', undefined] as const).map((compression): EquivalenceCase => ({
    name: `ADD of an archive, ${compression ?? 'not compressed'}`,
    ...(compression === 'xz' || compression === 'zstd'
      ? { unsupported: { kaniko: reasons.archiveCompression } }
      : {
          differences: [
            {
              of: 'kaniko',
              reason: reasons.archiveFolder,
              found: { '/unpacked': ['directory 0755 0:0', 'directory 0750 0:0'] },
            },
          ],
        }),
    dockerfile: ['FROM {base}', 'ADD archive /unpacked/', 'ADD archive /srv/'],
    files: {
      archive: {
        compression,
        archive: [
          { name: 'folder', type: 'directory', mode: 0o750, uid: 3, gid: 4 },
          { name: 'folder/file', content: 'file\n', mode: 0o600, uid: 5, gid: 6 },
          { name: 'folder/hard', type: 'link', linkname: 'folder/file', mode: 0o600, uid: 5, gid: 6 },
          { name: 'link', type: 'symlink', linkname: 'folder/file' },
          { name: 'setuid', content: 'setuid\n', mode: 0o4755 },
          { name: 'data', type: 'directory', mode: 0o700, uid: 9, gid: 9 },
          { name: 'data/old', content: 'replaced\n' },
          { name: './dotted/', type: 'directory' },
          { name: './dotted/x', content: 'x\n' },
          { name: 'implied/parent/file', content: 'implied\n' },
        ],
      } as NonNullable<EquivalenceCase['files']>[string],
    },
  })),
  {
    name: 'ADD of archives with --chown, of files, of folders',
    dockerfile: [
      'FROM {base}',
      'ADD --chown=app:staff archive.tar.gz /owned/',
      'ADD a.txt not.tar.gz /files/',
      'ADD folder /folder/',
      'ADD *.tar.gz /patterns/',
      'COPY archive.tar.gz /copied/',
    ],
    differences: [
      {
        of: 'kaniko',
        reason: reasons.archiveOwner,
        found: {
          '/owned': ['directory 0755 1001:50', 'directory 0755 0:0'],
          '/owned/dir': ['directory 0755 1001:50', 'directory 0755 0:0'],
          '/owned/dir/file': ['file 0644 1001:50 8b911a87', 'file 0644 5:6 8b911a87'],
        },
      },
      {
        of: 'buildah',
        reason: reasons.archiveOwner,
        found: {
          '/owned/dir': ['directory 0755 1001:50', 'directory 0755 0:0'],
          '/owned/dir/file': ['file 0644 1001:50 8b911a87', 'file 0644 5:6 8b911a87'],
        },
      },
    ],
    files: {
      ...files,
      'archive.tar.gz': {
        compression: 'gzip',
        archive: [
          { name: 'dir', type: 'directory' },
          { name: 'dir/file', content: 'file\n', uid: 5, gid: 6 },
        ],
      },
      'not.tar.gz': 'no archive\n',
      'folder/file.txt': 'file\n',
    },
  },
  {
    name: 'heredocs',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.heredocVariables,
        found: { '/hello.txt': ['file 0644 0:0 1894a19c', 'file 0644 0:0 a5ecd46c'] },
      },
    ],
    unsupported: { buildah: reasons.heredoc },
    dockerfile: [
      'FROM scratch',
      'ARG NAME=world',
      'COPY <<EOF /hello.txt',
      'Hello $NAME',
      'EOF',
      "COPY <<'EOF' /literal.txt",
      'Hello $NAME',
      'EOF',
      'COPY <<-one <<two /two/',
      '\ttabs',
      'one',
      'content',
      'two',
      'COPY --chmod=755 --chown=1:2 <<run.sh a.txt /mixed/',
      '#!/bin/sh',
      'run.sh',
    ],
    files,
  },
  {
    name: 'WORKDIR: made where it is missing, relative, through links',
    dockerfile: [
      'FROM {base}',
      'WORKDIR /made/by',
      'WORKDIR workdir',
      'COPY a.txt .',
      'WORKDIR /srv/data',
      'COPY a.txt relative/',
      'ENV DIR=/variable',
      'WORKDIR $DIR/x/../y',
      'WORKDIR /bin/linked',
    ],
    files,
  },
  {
    name: 'WORKDIR of another user',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.primaryGroup,
        found: { '/home/app/work': ['directory 0755 1001:1002', 'directory 0755 1001:1001'] },
      },
      {
        of: 'kaniko',
        reason: reasons.copyingUser,
        found: { '/home/app/work/a.txt': ['file 0644 0:0 87428fc5', 'file 0644 1001:1001 87428fc5'] },
      },
    ],
    dockerfile: ['FROM {base}', 'USER app', 'WORKDIR /home/app/work', 'COPY a.txt .'],
    files,
  },
  {
    name: 'ENV, ARG and LABEL, with what may stand in them',
    differences: [
      {
        of: 'kaniko',
        reason: reasons.quotes,
        found: {
          'config.Labels': [
            '{"from":"here","given":"given","global":"global","kept":"yes","multi":"one two","plain":"plain","with space":"a \\"quoted\\" value"}',
            '{"from":"here","given":"given","global":"global","kept":"yes","multi":"one two","plain":"plain","with space":"a quoted value"}',
          ],
        },
      },
    ],
    dockerfile: [
      'ARG GLOBAL=global',
      'FROM {base}',
      'ARG GLOBAL',
      'ARG GIVEN=default',
      'ARG PLAIN=plain EMPTY',
      'ENV A=a B="b b" C=c\\ c',
      'ENV OLD the old form',
      "ENV D=$A-${B}-${MISSING:-default}-${A:+set}-${MISSING:+unset} E=\\$A F='$A'",
      'ENV A=second G=$A',
      'ENV G2=$A INHERITED=changed',
      'LABEL from=here "with space"="a \\"quoted\\" value" given=$GIVEN global=$GLOBAL plain=$PLAIN',
      'LABEL multi="one \\',
      'two"',
      'ENV PATH=/opt/bin:$PATH',
    ],
    buildArgs: { GIVEN: 'given' },
  },
  {
    name: 'CMD and ENTRYPOINT: an inherited CMD falls to an ENTRYPOINT',
    dockerfile: ['FROM {base}', 'ENTRYPOINT ["/entry", "$HOME"]'],
  },
  {
    name: 'CMD and ENTRYPOINT of a shell, and SHELL',
    dockerfile: ['FROM {base}', 'CMD echo "$HOME"', 'SHELL ["/bin/ash", "-ec"]', 'ENTRYPOINT exec  top -b'],
    differences: [
      {
        of: 'buildah',
        reason: reasons.shell,
        found: { 'config.Entrypoint': ['["/bin/ash","-ec","exec  top -b"]', '["/bin/sh","-c","exec  top -b"]'] },
      },
    ],
  },
  {
    name: 'CMD of a shell that SHELL names',
    dockerfile: ['FROM {base}', 'SHELL ["/bin/ash", "-ec"]', 'CMD exec  top -b'],
    differences: [
      {
        of: 'buildah',
        reason: reasons.shell,
        found: { 'config.Cmd': ['["/bin/ash","-ec","exec  top -b"]', '["/bin/sh","-c","exec  top -b"]'] },
      },
    ],
  },
  {
    name: 'CMD before ENTRYPOINT stays',
    dockerfile: ['FROM {base}', 'CMD ["one", "two"]', 'ENTRYPOINT ["/entry"]'],
  },
  {
    name: 'EXPOSE, VOLUME, USER, STOPSIGNAL, HEALTHCHECK, MAINTAINER',
    dockerfile: [
      'FROM {base}',
      'MAINTAINER Somebody <somebody@example.com>',
      'EXPOSE 8080 9000/udp 7000-7002',
      'VOLUME /one /two',
      'VOLUME ["/three"]',
      'USER app:staff',
      'STOPSIGNAL SIGTERM',
      'HEALTHCHECK --interval=30s --timeout=5s --start-period=1m --retries=4 CMD ["/check", "it"]',
    ],
    differences: [
      {
        of: 'kaniko',
        reason: reasons.portRange,
        found: {
          'config.ExposedPorts': [
            '{"7000/tcp":{},"7001/tcp":{},"7002/tcp":{},"80/tcp":{},"8080/tcp":{},"9000/udp":{}}',
            '{"7000-7002/tcp":{},"80/tcp":{},"8080/tcp":{},"9000/udp":{}}',
          ],
        },
      },
      {
        of: 'buildah',
        reason: reasons.portRange,
        found: {
          'config.ExposedPorts': [
            '{"7000/tcp":{},"7001/tcp":{},"7002/tcp":{},"80/tcp":{},"8080/tcp":{},"9000/udp":{}}',
            '{"7000-7002/tcp":{},"80/tcp":{},"8080/tcp":{},"9000/udp":{}}',
          ],
        },
      },
    ],
  },
  {
    name: 'HEALTHCHECK of a shell, and a STOPSIGNAL by number',
    dockerfile: ['FROM scratch', 'STOPSIGNAL 9', 'HEALTHCHECK --interval=1m30s CMD wget -q localhost || exit 1'],
  },
  {
    name: 'HEALTHCHECK, SHELL, STOPSIGNAL and VOLUME: with variables, and the last of several',
    dockerfile: [
      'FROM {base}',
      'ARG SIGNAL=SIGINT',
      'ENV DIR=/data',
      'HEALTHCHECK --interval=5s --retries=9 CMD first',
      'HEALTHCHECK --timeout=1h2m3s4ms --retries=+3 cmd  $DIR "a  b" \\',
      '  two',
      'SHELL ["/bin/first"]',
      'SHELL ["/bin/$DIR", "-e", "x y"]',
      'STOPSIGNAL 3',
      'STOPSIGNAL $SIGNAL',
      'VOLUME /srv/volume $DIR/a relative ./x/../y',
      'VOLUME ["/with space", "$DIR", "/srv/volume/"]',
      'STOPSIGNAL RTMIN+3',
    ],
    differences: [
      {
        of: 'kaniko',
        reason: reasons.volumePath,
        found: {
          'config.Volumes': [
            '{"./x/../y":{},"/data":{},"/data/a":{},"/srv/volume":{},"/srv/volume/":{},"/with space":{},"relative":{}}',
            '{"/data":{},"/data/a":{},"/srv/volume":{},"/srv/volume/":{},"/with space":{},"relative":{},"y":{}}',
          ],
        },
      },
    ],
  },
  { name: 'HEALTHCHECK NONE', dockerfile: ['FROM {base}', 'HEALTHCHECK NONE'] },
  {
    name: 'ONBUILD is recorded',
    dockerfile: ['FROM {base}', 'ONBUILD COPY . /src', 'ONBUILD ENV X=$A', 'COPY a.txt /'],
    files,
  },
  {
    name: 'ONBUILD of the base is carried out, in its order and before all else',
    dockerfile: ['FROM {trigger}', 'COPY a.txt own', 'ENV ORDER=$ORDER-own', 'ONBUILD ENV ORDER=$ORDER-next'],
    files: { ...files, 'trigger.txt': 'trigger\n' },
    buildArgs: { MODE: 'test' },
  },
  {
    name: 'ONBUILD of a stage is carried out in those upon it, once',
    dockerfile: [
      'FROM {trigger} AS first',
      'ENV ORDER=$ORDER-first',
      'ONBUILD COPY a.txt /onbuild/',
      'ONBUILD ENV ORDER=$ORDER-3',
      'FROM first AS second',
      'ENV ORDER=$ORDER-second',
      'FROM second',
      'ENV ORDER=$ORDER-third',
    ],
    files: { ...files, 'trigger.txt': 'trigger\n' },
  },
  {
    name: 'what comes later replaces what was there',
    dockerfile: [
      'FROM {base}',
      'COPY a.txt /same',
      'COPY b.txt /same',
      'COPY one /merged',
      'COPY two /merged',
      'COPY b.txt /srv/one',
      'COPY --chown=1:1 a.txt /usr/bin/tool',
    ],
    files: { ...files, 'one/x': '1\n', 'one/y': '1\n', 'two/y': '2\n', 'two/z': '2\n' },
  },
  {
    name: 'an ARG after an ENV of its name',
    dockerfile: ['FROM {base}', 'ENV A=env', 'ARG A=arg', 'LABEL a=$A'],
    differences: [
      {
        of: 'buildah',
        reason: reasons.laterArgument,
        found: {
          'config.Labels': ['{"a":"arg","from":"base","kept":"yes"}', '{"a":"env","from":"base","kept":"yes"}'],
        },
      },
    ],
  },
  {
    name: 'comments, continued lines, another escape and lower case',
    dockerfile: [
      '# escape=`',
      'from {base}',
      '# a comment',
      'env one=1 `',
      '  # within',
      '    two=2',
      'copy a.txt `',
      '     b.txt /lines/',
      'ENV PATHS=C:\\one',
    ],
    files,
    differences: [
      {
        of: 'kaniko',
        reason: reasons.escape,
        found: {
          'config.Env': [
            '["INHERITED=yes","PATH=/usr/bin:/bin","PATHS=C:\\\\one","one=1","two=2"]',
            '["INHERITED=yes","PATH=/usr/bin:/bin","PATHS=C:one","one=1","two=2"]',
          ],
        },
      },
      {
        of: 'buildah',
        reason: reasons.escape,
        found: {
          'config.Env': [
            '["INHERITED=yes","PATH=/usr/bin:/bin","PATHS=C:\\\\one","one=1","two=2"]',
            '["INHERITED=yes","PATH=/usr/bin:/bin","PATHS=C:one","one=1","two=2"]',
          ],
        },
      },
    ],
  },
];
