/** Lets the tests of the suite change the environment of the process; it is as before after each of them. */
export function changeableEnvironment(): (name: string, value: string | undefined) => void {
  const before = new Map<string, string | undefined>();
  afterEach(() => {
    for (const [name, value] of before) set(name, value);
    before.clear();
  });
  return (name, value) => {
    if (!before.has(name)) before.set(name, process.env[name]);
    set(name, value);
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Keeps the logins of whoever runs the tests out of those of the suite. @returns what `changeableEnvironment` does */
export function noLogins(): (name: string, value: string | undefined) => void {
  const change = changeableEnvironment();
  beforeEach(() => {
    change('DOCKER_CONFIG', '/nowhere');
    change('REGISTRY_AUTH_FILE', '/nowhere/auth.json');
    change('XDG_CONFIG_HOME', '/nowhere');
  });
  return change;
}
