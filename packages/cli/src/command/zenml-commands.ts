const noOrchestrators = 'Slipway has no orchestrators: a stack is what builds and keeps images.';

/** What ZenML has and Slipway does otherwise, by the words after `zenml`: see `insteadOf`. */
export const zenmlCommands: Readonly<Record<string, string>> = {
  'stack set-default': 'Use: slipway stack set default',
  'stack up': 'Slipway deploys nothing; it uses what is there: slipway image-builder register --help',
  'stack down': 'Slipway deploys nothing, so there is nothing to take down.',
  'stack deploy': 'Slipway deploys nothing; it uses what is there: slipway stack register --help',
  'stack destroy': 'Slipway deploys nothing, so there is nothing to destroy.',
  'stack connect':
    'There are no service connectors: a component logs in as your own tools do, or with secrets: slipway secret --help',
  'stack register-secrets': 'Create each secret that the components refer to: slipway secret create NAME --KEY',
  'secret get': 'Values are never shown. Keys, and how to refer to them: slipway secret describe NAME',
  'secret rename': 'Create it under the new name, then change the references: slipway secret create --help',
  'secret export': 'Values are never shown, nor written anywhere: keep their source.',
  'TYPE logs': 'The log of a build is printed by the build: slipway build --progress plain',
  'TYPE connect':
    'There are no service connectors: a component logs in as your own tools do, or with secrets: slipway secret --help',
  'TYPE disconnect': 'There are no service connectors, so there is nothing to disconnect.',
  'TYPE deploy': 'Slipway deploys nothing; it uses what is there.',
  'TYPE destroy': 'Slipway deploys nothing, so there is nothing to destroy.',
  'TYPE up': 'Slipway deploys nothing; it uses what is there.',
  'TYPE down': 'Slipway deploys nothing, so there is nothing to take down.',
  version: 'Use: slipway --version',
  status: 'Which stack is active, and what says so: slipway stack get; all settings: slipway config list --show-origin',
  info: 'The version: slipway --version; what is set, and where: slipway config list --show-origin',
  init: 'There is nothing to initialise. A project names its stack in slipway.yaml: stack: NAME',
  connect: 'There is no server to connect to: stacks are kept on this machine.',
  login:
    'There is no server to log in to: stacks are kept on this machine. To a registry: docker login HOST, or slipway container-registry update NAME --username=NAME --password=@FILE',
  pipeline: 'Slipway builds images; your framework runs the pipelines: slipway build --help',
  'service-connector':
    'There are no service connectors: a component logs in as your own tools do, or with secrets: slipway secret --help',
  'stack register -o': noOrchestrators,
  'stack register --orchestrator': noOrchestrators,
  'stack update -o': noOrchestrators,
  'stack update --orchestrator': noOrchestrators,
  orchestrator: noOrchestrators,
};
