const useBuild = 'Use: slipway build [CONTEXT] -t TAG';
const runsNothing = 'Slipway runs nothing; what it has pushed is run by any container runtime, or in a cluster.';
const keepsNoImages = 'Slipway keeps no images beside registries and OCI layouts. What was built: slipway builds list';

/** What Docker has and Slipway does otherwise, by the words after `docker`: see `insteadOf`. */
export const dockerCommands: Readonly<Record<string, string>> = {
  docker: useBuild,
  buildx: useBuild,
  image: useBuild,
  images: keepsNoImages,
  rmi: keepsNoImages,
  tag: 'Name all tags when you build: slipway build -t demo/hello:1 -t demo/hello:latest',
  push: 'slipway build pushes to the container registry of the stack. Out of an OCI layout: skopeo copy oci:FOLDER:NAME:TAG docker://HOST/NAME:TAG',
  pull: 'Base images are fetched by the build that needs them.',
  run: runsNothing,
  ps: runsNothing,
  'build -q': 'Use: --progress=quiet',
  'build --quiet': 'Use: --progress=quiet',
  'build --push': 'A build pushes to the container registry of the stack; leave the option out.',
  'build --load':
    'There is no daemon that it could be loaded into: without a container registry in the stack, the image is written to an OCI layout.',
  'build --pull': 'Base images are looked up by every build; leave the option out.',
  'build --rm': 'Nothing stays behind of a build; leave the option out.',
  'build --memory': 'Use: --with resources.limits.memory=8Gi, where the image builder has resources, as kaniko does.',
};
